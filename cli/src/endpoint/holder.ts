import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import type { Fetched } from "../credentials.ts";
import type { Failure } from "../exit.ts";

/** botocore renews for good ten minutes before the end, and thinks of it from the fifteenth on. */
const AHEAD_MS = 15 * MINUTE_MS;

/** Clients that want to renew ask again with each of their calls. */
const AGAIN_MS = 10 * SECOND_MS;

export interface HolderPorts {
  readonly fetch: () => Promise<Result<Fetched, Failure>>;
  readonly now: Clock;
  /** A line for the person, once for each thing that is not as it should be. */
  readonly tell: (line: string) => void;
  readonly minTtlMs?: number;
}

interface Held {
  readonly credentials: RoleCredentials;
  readonly dueAtMs: EpochMs;
}

/** The credentials of one role for as long as one command needs them. */
export interface Holder {
  credentials(): Promise<Result<RoleCredentials, Failure>>;
}

/**
 * [US7] Renews before the end, once for all who ask at one time. Those whose patience ends before, as the SDKs' does after a
 * second or two, find the answer when they ask again.
 */
export function holdRole({ fetch, now, tell, minTtlMs = 0 }: HolderPorts): Holder {
  let held: Held | undefined;
  let flight: Promise<Result<RoleCredentials, Failure>> | undefined;
  let restUntilMs = 0;
  const said = new Set<string>();
  const tellOnce = (line: string): void => {
    if (!said.has(line)) tell(line);
    said.add(line);
  };

  async function renew(): Promise<Result<RoleCredentials, Failure>> {
    const fetched = await fetch();
    if (fetched.ok) {
      const { credentials, warning } = fetched.value;
      if (warning !== undefined) tellOnce(warning);
      const lifeMs = credentials.expiresAtMs - now();
      const aheadMs = Math.max(Math.min(AHEAD_MS, lifeMs / 4), minTtlMs);
      held = { credentials, dueAtMs: credentials.expiresAtMs - aheadMs };
      // What is due again at once is as good as it gets.
      if (held.dueAtMs <= now()) restUntilMs = now() + AGAIN_MS;
      return ok(credentials);
    }
    restUntilMs = now() + AGAIN_MS;
    if (!held || held.credentials.expiresAtMs <= now()) return err(fetched.error);
    tellOnce(`not renewed: ${fetched.error.title}; ${fetched.error.next}`);
    return ok(held.credentials);
  }

  return {
    async credentials() {
      const atMs = now();
      const lives = held !== undefined && held.credentials.expiresAtMs > atMs;
      if (held && lives && (held.dueAtMs > atMs || restUntilMs > atMs)) return ok(held.credentials);
      flight ??= renew().finally(() => {
        flight = undefined;
      });
      return flight;
    },
  };
}
