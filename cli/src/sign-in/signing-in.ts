import type { OidcError, OidcTokens, Registration } from "@jcfetch/shared/aws/oidc-client";
import type { AwsPorts } from "@jcfetch/shared/aws/wire";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type EpochMs, MINUTE_MS } from "@jcfetch/shared/time";
import type { SsoSession } from "../config/sessions.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { awsFailure } from "../sources/direct-failures.ts";
import type { Tokens } from "../sources/direct-tokens.ts";

/** [DM9] Nobody is waited for longer. */
export const WAIT_MS = 10 * MINUTE_MS;

/** What AWS's page of consent calls this program. */
export const CLIENT_NAME = "jcfetch";

/** What the person needs to see of a sign-in. */
export interface Shown {
  readonly url: string;
  /** For the device code: what the page shows too, to be compared. */
  readonly code?: string;
}

export interface SigningIn {
  readonly host: Host;
  readonly session: SsoSession;
  /** With a time limit of its own for each stretch of calls: between them a person takes theirs. */
  readonly ports: () => AwsPorts;
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Tells the person, and opens the browser where that is wanted. */
  readonly show: (shown: Shown) => Promise<void>;
}

export type SignedIn = Omit<Tokens, "sharedAs">;

export function signedIn(
  got: Result<OidcTokens, OidcError>,
  registration: Registration,
  atMs: EpochMs,
): Result<SignedIn, Failure> {
  if (!got.ok) return err(awsFailure(got.error));
  const { accessToken, expiresInMs, refreshToken } = got.value;
  return ok({
    accessToken,
    expiresAtMs: atMs + expiresInMs,
    livesMs: expiresInMs,
    ...(refreshToken === undefined ? {} : { refresh: { token: refreshToken, registration } }),
  });
}
