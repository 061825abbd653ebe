import { existsSync } from "node:fs";
import { ok, type Result } from "@jcfetch/shared/result";
import type { EpochMs } from "@jcfetch/shared/time";
import { tell } from "./agent/control.ts";
import { agentPlace, lockedMark } from "./agent/place.ts";
import type { AgentStatus } from "./agent/status.ts";
import { findSession, sessionNames } from "./config/sessions.ts";
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
  const { openTokenStore } = await import("./sources/direct-store.ts");
  const found: SignIn[] = [];
  for (const name of names.value) {
    const session = await findSession(host, name);
    if (!session.ok) continue; // not one that we could use
    const store = await openTokenStore(host, session.value);
    const tokens = store.ok ? await store.value.read() : store;
    const held = tokens.ok ? tokens.value : undefined;
    const { startUrl, region } = session.value;
    const isLive = held !== undefined && (held.expiresAtMs > host.now() || held.refresh !== undefined);
    const tokenEndsAtMs = isLive ? held.expiresAtMs : null;
    found.push({
      session: name,
      startUrl,
      region,
      tokenEndsAtMs,
      renews: isLive && held.refresh !== undefined,
    });
  }
  return ok(found);
}
