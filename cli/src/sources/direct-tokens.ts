import type { Registration } from "@jcfetch/shared/aws/oidc-client";
import { Secret } from "@jcfetch/shared/secret";
import { type EpochMs, MINUTE_MS } from "@jcfetch/shared/time";
import { type Fields, membersIn } from "../json.ts";

/** What a sign-in gave, and what came of it since. */
export interface Tokens {
  readonly accessToken: Secret<string>;
  readonly expiresAtMs: EpochMs;
  /** How long it lived when it was new. */
  readonly livesMs: number;
  readonly refresh?: Refresh;
  /** A refresh has failed: until then the next is not tried. */
  readonly notBeforeMs?: EpochMs;
  /** The AWS CLI was given the same tokens, under this name. */
  readonly sharedAs?: string;
}

export interface Refresh {
  readonly token: Secret<string>;
  readonly registration: Registration;
}

const REFRESH_AHEAD_MS = 15 * MINUTE_MS;
/** @source botocore `tokens.py`: the same minute between attempts. */
export const RETRY_MS = MINUTE_MS;

/** Good until then, as far as anybody here can tell. */
export const isLive = ({ expiresAtMs }: Tokens, nowMs: EpochMs): boolean => expiresAtMs > nowMs;

/** [DM6] Fifteen minutes ahead, or a quarter of its life for a token that lives shorter than an hour. */
export function isDue(tokens: Tokens, nowMs: EpochMs): boolean {
  const { expiresAtMs, livesMs, refresh, notBeforeMs = 0 } = tokens;
  if (!isLive(tokens, nowMs)) return true;
  if (refresh === undefined) return false;
  return expiresAtMs - nowMs < Math.min(REFRESH_AHEAD_MS, livesMs / 4) && nowMs >= notBeforeMs;
}

/** As it is kept. The one place where tokens become text. */
export function tokensText({ accessToken, refresh, ...rest }: Tokens): string {
  return JSON.stringify({
    v: 1,
    ...rest,
    accessToken: accessToken.reveal(),
    ...(refresh === undefined
      ? {}
      : {
          refreshToken: refresh.token.reveal(),
          clientId: refresh.registration.clientId,
          clientSecret: refresh.registration.clientSecret.reveal(),
          registrationExpiresAtMs: refresh.registration.expiresAtMs,
        }),
  });
}

/** @returns `undefined` for text that is none of ours: as good as no sign-in at all. */
export function parseTokens(text: string): Tokens | undefined {
  const fields = membersIn(text);
  const { v, accessToken, expiresAtMs, livesMs, notBeforeMs, sharedAs } = fields;
  if (v !== 1 || !isText(accessToken) || !isTime(expiresAtMs) || !isTime(livesMs)) return undefined;
  const refresh = refreshOf(fields);
  return {
    accessToken: new Secret(accessToken),
    expiresAtMs,
    livesMs,
    ...(refresh === undefined ? {} : { refresh }),
    ...(isTime(notBeforeMs) ? { notBeforeMs } : {}),
    ...(isText(sharedAs) ? { sharedAs } : {}),
  };
}

function refreshOf(fields: Fields): Refresh | undefined {
  const { refreshToken, clientId, clientSecret, registrationExpiresAtMs: expiresAtMs } = fields;
  if (!isText(refreshToken) || !isText(clientId) || !isText(clientSecret) || !isTime(expiresAtMs)) {
    return undefined;
  }
  const registration = { clientId, clientSecret: new Secret(clientSecret), expiresAtMs };
  return { token: new Secret(refreshToken), registration };
}

export const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
