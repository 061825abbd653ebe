import { err, ok, type Result } from "@jcfetch/shared/result";
import { findSession, type SsoSession, sessionNames } from "../config/sessions.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";

/**
 * [DM13] By which sign-in a terminal without a pairing gets credentials, where none is named: the only one in the file.
 *
 * @returns `undefined` where there is none. @errors `not-paired` where there are several; `config-broken` for one that cannot be used.
 */
export async function sessionWithoutPairing(host: Host): Promise<Result<SsoSession | undefined, Failure>> {
  const names = await sessionNames(host);
  if (!names.ok) return names;
  const [first, ...others] = names.value;
  if (first === undefined) return ok(undefined);
  return others.length === 0 ? findSession(host, first) : err(severalSessions(names.value));
}

const severalSessions = (names: readonly string[]): Failure =>
  fail(
    "not-paired",
    "this terminal is not paired, and there are several sign-ins to choose from",
    `name one with --session: ${names.slice(0, 8).join(", ")}; or, with the extension, pair it: jcfetch setup, or jcfetch pair`,
  );
