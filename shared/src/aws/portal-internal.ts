import * as v from "valibot";
import { type Partition, partitionOf, signInHost } from "../domain/portal.ts";
import type { RoleRef } from "../domain/role.ts";
import { err, ok, type Result } from "../result.ts";
import { Secret } from "../secret.ts";
import type { EpochMs } from "../time.ts";
import type { PortalError } from "./errors.ts";
import type { PortalAccess } from "./portal-client.ts";
import { portalGet } from "./portal-get.ts";
import type { AwsPorts } from "./wire.ts";

/*
 * Calls that the portal's own page makes and that no SDK has. AWS documents none of them, so every field but the one that
 * is asked for may be missing, and callers must be able to go on without an answer.
 */

export interface Identity {
  /** When the portal session ends. */
  readonly expiresAtMs: EpochMs;
  /** Tells directories apart: `d-…`. */
  readonly directoryId: string | null;
  readonly userName: string | null;
}

const Label = v.nullish(v.pipe(v.string(), v.maxLength(256)));
const WhoAmI = v.object({
  expireDate: v.pipe(v.number(), v.safeInteger(), v.minValue(1_000_000_000_000)),
  directoryId: Label,
  userIdentifier: Label,
  firstName: Label,
});

/** Whose session is it, and until when. Also the surest test that a token belongs to a region. */
export async function whoAmI(access: PortalAccess, ports: AwsPorts): Promise<Result<Identity, PortalError>> {
  const answer = await portalGet(access, "/token/whoAmI", WhoAmI, ports);
  if (!answer.ok) return answer;
  const { expireDate, directoryId, userIdentifier, firstName } = answer.value;
  const userName = userIdentifier ?? firstName ?? null;
  return ok({ expiresAtMs: expireDate, directoryId: directoryId ?? null, userName });
}

const ConsoleAnswer = v.object({
  signInToken: v.pipe(v.string(), v.minLength(1), v.maxLength(8_192)),
  signInFederationLocation: v.pipe(v.string(), v.url()),
  destination: v.nullish(v.string()),
});

export interface ConsoleVisit {
  /** Start URL of the portal: where the console sends the person when the session is over. */
  readonly issuer: string;
  /** A page of the console; AWS's choice when not given. */
  readonly destination?: string;
}

/** The address that opens the AWS console in a role. It signs whoever opens it in, once: hence a secret. */
export async function consoleSignIn(
  { account, role, ...access }: PortalAccess & RoleRef,
  { issuer, destination }: ConsoleVisit,
  ports: AwsPorts,
): Promise<Result<Secret<string>, PortalError>> {
  const query = new URLSearchParams({ account_id: account, role_name: role });
  const answer = await portalGet(access, `/federation/console?${query}`, ConsoleAnswer, ports);
  if (!answer.ok) return answer;
  const { signInToken, signInFederationLocation } = answer.value;
  const target = destination ?? answer.value.destination ?? "";
  const url = new URL(signInFederationLocation);
  if (!isSignInHost(url, partitionOf(access.region))) return err({ code: "garbage" });
  url.search = new URLSearchParams({
    Action: "login",
    SigninToken: signInToken,
    Issuer: issuer,
    ...(target === "" ? {} : { Destination: target }),
  }).toString();
  return ok(new Secret(url.href));
}

function isSignInHost(url: URL, partition: Partition): boolean {
  const host = signInHost(partition);
  const named =
    url.hostname === host || (url.hostname.endsWith(`.${host}`) && /^[a-z0-9-]+\./.test(url.hostname));
  return url.protocol === "https:" && url.port === "" && url.username === "" && named;
}
