import { err, ok, type Result } from "@jcfetch/shared/result";
import { MOST_SHARE_MS, SHARE_MS } from "./agent/share-terms.ts";
import { durationMs } from "./args-ttl.ts";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

export type AgentCommand =
  | { readonly name: "agent"; readonly act: "start"; readonly idleMs?: number }
  | ShareCommand
  /** `run` is the agent itself; `start` and the commands that need one start it so. */
  | { readonly name: "agent"; readonly act: "stop" | "status" | "lock" | "unlock" | "socket" | "run" };

export interface ShareCommand {
  readonly name: "agent";
  readonly act: "share";
  /** `list` and `end` look at what is shared, or end it; otherwise something is shared. */
  readonly what: "share" | "list" | "end";
  readonly profiles: readonly string[];
  readonly forMs: number;
  /** As it was typed. */
  readonly path?: string;
  readonly session?: string;
}

export const AGENT_ACTS = ["start", "stop", "status", "lock", "unlock", "share", "socket"] as const;

export const AGENT_OPTIONS = {
  idle: { type: "string" },
  for: { type: "string" },
  path: { type: "string" },
  list: { type: "boolean" },
  end: { type: "boolean" },
} as const;

interface AgentValues {
  readonly idle?: string;
  readonly for?: string;
  readonly path?: string;
  readonly list?: boolean;
  readonly end?: boolean;
  readonly profile?: string;
  readonly session?: string;
}

const MANY = 64;

/** The act and the roles that are shared. */
export const AGENT_COMMAND = {
  options: ["idle", "for", "path", "list", "end", "profile", "session"],
  words: MANY,
  acts: AGENT_ACTS,
} as const;

const usage = (title: string): Result<never, Failure> =>
  err(fail("usage", title, "see what it takes: jcfetch help agent"));

/** @param profiles every `--profile`, in order. */
export function agentCommand(
  values: AgentValues,
  [act, ...rest]: readonly string[],
  profiles: readonly string[],
): Result<AgentCommand, Failure> {
  const name = "agent";
  if (act === undefined) return usage(`agent takes one of ${AGENT_ACTS.join(", ")}`);
  if (act === "share") return shareCommand(values, [...profiles, ...rest]);
  if (act !== "run" && !AGENT_ACTS.some((one) => one === act)) {
    return usage(`agent knows no ${quoted(act)}${suggestion(act, AGENT_ACTS)}`);
  }
  if (rest.length > 0) return usage(`agent ${act} takes no words after it`);
  const stray = Object.keys(values).find((one) => one !== "json" && !(act === "start" && one === "idle"));
  if (stray !== undefined) return usage(`agent ${act} takes no --${stray}`);
  if (act !== "start") return ok({ name, act: act as "run" });
  if (values.idle === undefined) return ok({ name, act });
  const idleMs = durationMs(values.idle);
  return idleMs === undefined
    ? usage("--idle takes a time such as 30m, or 0s for never")
    : ok({ name, act, idleMs });
}

function shareCommand(values: AgentValues, profiles: readonly string[]): Result<ShareCommand, Failure> {
  const { list = false, end = false, path, session } = values;
  if (values.idle !== undefined) return usage("agent share takes no --idle");
  if (list && end) return usage("--list and --end do not go together");
  const what = list ? "list" : end ? "end" : "share";
  const isMore = values.for !== undefined || session !== undefined || profiles.length > 0;
  if (what !== "share" && (isMore || (list && path !== undefined))) {
    return usage(`agent share --${what} takes ${end ? "--path, or nothing" : "nothing"} beside it`);
  }
  const forMs = values.for === undefined ? SHARE_MS : durationMs(values.for);
  if (forMs === undefined || forMs === 0 || forMs > MOST_SHARE_MS) {
    return usage("--for takes a time such as 30m or 8h, up to 24h");
  }
  return ok({
    name: "agent",
    act: "share",
    what,
    profiles,
    forMs,
    ...(path === undefined ? {} : { path }),
    ...(session === undefined ? {} : { session }),
  });
}
