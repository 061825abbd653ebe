import type { OidcError } from "@jcfetch/shared/aws/oidc-client";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";
import { SECOND_MS } from "@jcfetch/shared/time";
import type { SsoSession } from "../config/sessions.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { duration } from "../when.ts";
import { readAwsCache, writeAwsCache } from "./direct-aws-cache.ts";
import { awsFailure, sessionEnded } from "./direct-failures.ts";
import { awsFetch } from "./direct-network.ts";
import type { TokenStore } from "./direct-store.ts";
import { isDue, isLive, RETRY_MS, type Refresh, type Tokens } from "./direct-tokens.ts";

export interface LiveToken {
  readonly token: Secret<string>;
  /** For the person: it will do, but could not be refreshed. */
  readonly warning?: string;
}

export interface Around {
  readonly host: Host;
  readonly session: SsoSession;
  readonly store: TokenStore;
}

/** Patient, as an answer that is not waited for may end the sign-in [DM6]; and less than others wait for it. */
const REFRESH_WITHIN_MS = 15 * SECOND_MS;

/**
 * [DM6] A token that works: the one that is held, or a new one for it. However many programs ask at once, one refreshes, and
 * the others get what it got.
 *
 * @param refused the token that AWS has just refused, whatever its time says.
 * @errors `sso-expired` when only a new sign-in helps; what AWS or the place of the tokens refuses.
 */
export async function liveToken(
  around: Around,
  refused?: Secret<string>,
): Promise<Result<LiveToken, Failure>> {
  const { host, session, store } = around;
  const held = await store.read();
  if (!held.ok) return held;
  if (held.value && isGood(held.value, host, refused)) return ok({ token: held.value.accessToken });
  if (!held.value) return othersToken(around, refused);
  return store.alone(async () => {
    const again = await store.read();
    if (!again.ok) return again;
    if (!again.value) return err(sessionEnded(session));
    const newest = await adopted(again.value, around);
    if (isGood(newest, host, refused)) return ok({ token: newest.accessToken });
    return refreshed(newest, around, refused);
  });
}

const isSame = (one: Secret<string>, other: Secret<string> | undefined): boolean =>
  one.reveal() === other?.reveal();

const isGood = (tokens: Tokens, { now }: Host, refused: Secret<string> | undefined): boolean =>
  !isDue(tokens, now()) && !isSame(tokens.accessToken, refused);

/** [DM8] Of a sign-in by the AWS CLI: used while it lasts, and never refreshed: that would take it away from there. */
async function othersToken(
  { host, session }: Around,
  refused: Secret<string> | undefined,
): Promise<Result<LiveToken, Failure>> {
  const found = await readAwsCache(host, session, host.now());
  return found && !isSame(found.accessToken, refused)
    ? ok({ token: found.accessToken })
    : err(sessionEnded(session));
}

/** [DM8] Where both tools share one sign-in, the other may have refreshed it: the newer one counts. */
async function adopted(tokens: Tokens, { host, session, store }: Around): Promise<Tokens> {
  if (tokens.sharedAs === undefined) return tokens;
  const shared = { ...session, name: tokens.sharedAs };
  const found = await readAwsCache(host, shared, host.now());
  if (!found || found.expiresAtMs <= tokens.expiresAtMs) return tokens;
  const newest = { ...found, sharedAs: tokens.sharedAs };
  await store.write(newest);
  return newest;
}

async function refreshed(
  tokens: Tokens,
  around: Around,
  refused: Secret<string> | undefined,
): Promise<Result<LiveToken, Failure>> {
  const { host, session, store } = around;
  const { refresh } = tokens;
  const stillGood = isLive(tokens, host.now()) && !isSame(tokens.accessToken, refused);
  if (refresh === undefined)
    return stillGood ? ok({ token: tokens.accessToken }) : err(sessionEnded(session));
  const got = await askAws(refresh, around);
  if (got.ok) {
    const next = { ...got.value, ...(tokens.sharedAs === undefined ? {} : { sharedAs: tokens.sharedAs }) };
    const kept = await keep(next, around);
    return ok({ token: next.accessToken, ...(kept.ok ? {} : { warning: kept.error.title }) });
  }
  if (isFinal(got.error)) {
    const { refresh: _, ...rest } = tokens;
    const done = stillGood ? await store.write(rest) : await store.remove();
    if (!done.ok) return done;
    return stillGood ? ok({ token: tokens.accessToken }) : err(sessionEnded(session));
  }
  const failure = awsFailure(got.error);
  if (!stillGood) return err(failure);
  await store.write({ ...tokens, notBeforeMs: host.now() + RETRY_MS });
  const left = duration(tokens.expiresAtMs - host.now());
  return ok({
    token: tokens.accessToken,
    warning: `${failure.title}; your sign-in is good for ${left} more`,
  });
}

/** Refusals after which no refresh will ever come about: the portal session, or this program's registration, is over. */
const isFinal = ({ code }: OidcError): boolean =>
  ["invalid-grant", "invalid-client", "refused", "denied", "expired"].includes(code);

async function askAws(
  { token: refreshToken, registration }: Refresh,
  { host, session }: Around,
): Promise<Result<Tokens, OidcError>> {
  const { createToken } = await import("@jcfetch/shared/aws/oidc-client");
  const atMs = host.now();
  const grant = { kind: "refresh", refreshToken } as const;
  const ports = { fetch: awsFetch(host, REFRESH_WITHIN_MS), timeoutMs: REFRESH_WITHIN_MS };
  const got = await createToken(session, registration, grant, ports);
  if (!got.ok) return got;
  const { accessToken, expiresInMs, refreshToken: next = refreshToken } = got.value;
  const refresh = { token: next, registration };
  return ok({ accessToken, expiresAtMs: atMs + expiresInMs, livesMs: expiresInMs, refresh });
}

/** Not even a new token works: whoever asks next is told at once, unless somebody has signed in meanwhile. */
export function forget({ store }: Around, refused: Secret<string>): Promise<Result<null, Failure>> {
  return store.alone(async () => {
    const held = await store.read();
    return held.ok && held.value && isSame(held.value.accessToken, refused) ? store.remove() : ok(null);
  });
}

/** [DM8] In our own place, and in the AWS CLI's where that was asked for. */
export async function keep(
  tokens: Tokens,
  { host, session, store }: Around,
  anew?: "anew",
): Promise<Result<null, Failure>> {
  const written = await store.write(tokens, anew);
  if (!written.ok || tokens.sharedAs === undefined) return written;
  return writeAwsCache(host, { ...session, name: tokens.sharedAs }, tokens);
}
