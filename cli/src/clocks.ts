import { existsSync } from "node:fs";
import { ok, type Result } from "@jcfetch/shared/result";
import type { EpochMs } from "@jcfetch/shared/time";
import { tell } from "./agent/control.ts";
import { agentPlace, lockedMark } from "./agent/place.ts";
import type { AgentStatus } from "./agent/status.ts";
import { findSession, type SsoSession, sessionNames } from "./config/sessions.ts";
import type { Failure } from "./exit.ts";
import type { Host } from "./host.ts";

/** What the agent holds; `undefined` where none runs, and none is started for the question. */
export async function askedAgent(host: Host): Promise<AgentStatus | undefined> {
  const place = agentPlace(host);
  if (place.mode === "off") return undefined;
  const answer = await tell(host, place, "status");
  return answer?.answer === "status" ? answer.status : undefined;
}

/** [AG13] Whether nothing is given on this computer. What was locked is so also where no agent runs. */
export const isLocked = (host: Host, agent: AgentStatus | undefined): boolean =>
  agent?.locked ?? existsSync(lockedMark(agentPlace(host)));

/** A sign-in of this terminal's own. */
export interface SignIn {
  readonly session: string;
  readonly startUrl: string;
  readonly region: string;
  /** `null`: nobody is signed in. */
  readonly tokenEndsAtMs: EpochMs | null;
  /** Whether the next token comes without a person, for as long as AWS keeps the portal session. */
  readonly renews: boolean;
}

/** Of every session in the config file that can be used, from what is kept here: AWS is not asked. */
export async function signIns(host: Host): Promise<Result<readonly SignIn[], Failure>> {
  const names = await sessionNames(host);
  if (!names.ok) return names;
  const found: SignIn[] = [];
  for (const name of names.value) {
    const session = await findSession(host, name);
    if (session.ok) found.push(await signInOf(host, session.value)); // else not one that we could use
  }
  return ok(found);
}

/** [DM8] Our own, or that of the AWS CLI, which counts where there is none of ours. */
export async function signInOf(host: Host, session: SsoSession): Promise<SignIn> {
  const { openTokenStore } = await import("./sources/direct-store.ts");
  const store = await openTokenStore(host, session);
  const tokens = store.ok ? await store.value.read() : store;
  const own = tokens.ok ? tokens.value : undefined;
  const isLive = own !== undefined && (own.expiresAtMs > host.now() || own.refresh !== undefined);
  const { readAwsCache } = await import("./sources/direct-aws-cache.ts");
  const others = own || !tokens.ok ? undefined : await readAwsCache(host, session, host.now());
  const { name, startUrl, region } = session;
  return {
    ...{ session: name, startUrl, region },
    tokenEndsAtMs: (isLive ? own : others)?.expiresAtMs ?? null,
    renews: isLive && own.refresh !== undefined,
  };
}
