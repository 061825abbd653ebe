import { err, ok, type Result } from "@jcfetch/shared/result";
import { durationMs } from "./args-ttl.ts";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

export type AgentCommand =
  | { readonly name: "agent"; readonly act: "start"; readonly idleMs?: number }
  /** `run` is the agent itself; `start` and the commands that need one start it so. */
  | { readonly name: "agent"; readonly act: "stop" | "status" | "lock" | "unlock" | "run" };

const ACTS = ["start", "stop", "status", "lock", "unlock"];

const usage = (title: string): Result<never, Failure> =>
  err(fail("usage", title, "see what it takes: jcfetch help agent"));

export function agentCommand(
  { idle }: { readonly idle?: string },
  act: string | undefined,
): Result<AgentCommand, Failure> {
  const name = "agent";
  switch (act) {
    case undefined:
      return usage(`agent takes one of ${ACTS.join(", ")}`);
    case "start": {
      if (idle === undefined) return ok({ name, act });
      const idleMs = durationMs(idle);
      return idleMs === undefined
        ? usage("--idle takes a time such as 30m, or 0s for never")
        : ok({ name, act, idleMs });
    }
    case "stop":
    case "status":
    case "lock":
    case "unlock":
    case "run":
      return idle === undefined ? ok({ name, act }) : usage(`agent ${act} takes no --idle`);
    default:
      return usage(`agent knows no ${quoted(act)}${suggestion(act, ACTS)}`);
  }
}
