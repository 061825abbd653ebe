import { base64url, concat, equalBytes, fromBase64url } from "@jcfetch/shared/crypto/encoding";
import type { Secret } from "@jcfetch/shared/secret";
import type { EpochSeconds } from "@jcfetch/shared/time";
import { markOf } from "./marks.ts";

/*
 * [EN1] A one-use token: 4 bytes of expiry, 16 random ones, and HMAC-SHA-256 over both. It is made wherever the key is,
 * without asking the broker, and checked without storage before its one use is spent.
 */

const EXPIRY_BYTES = 4;
const NONCE_BYTES = 16;
const MARK_BYTES = 32;
export const ENROLMENT_SECONDS = 600;

export async function makeEnrolmentToken(key: Secret<Uint8Array>, now: EpochSeconds): Promise<string> {
  const expiry = new Uint8Array(EXPIRY_BYTES);
  new DataView(expiry.buffer).setUint32(0, now + ENROLMENT_SECONDS);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return base64url(concat(expiry, nonce, await markOf(key, "enrol", expiry, nonce)));
}

export interface ReadToken {
  /** Names the ticket that spends it. */
  readonly ticket: string;
  readonly expiresAt: EpochSeconds;
}

/** @returns `undefined` for a token that this key never made, or whose time is over. */
export async function readEnrolmentToken(
  key: Secret<Uint8Array>,
  token: string,
  now: EpochSeconds,
): Promise<ReadToken | undefined> {
  const bytes = fromBase64url(token);
  if (bytes?.length !== EXPIRY_BYTES + NONCE_BYTES + MARK_BYTES) return undefined;
  const expiry = bytes.slice(0, EXPIRY_BYTES);
  const nonce = bytes.slice(EXPIRY_BYTES, EXPIRY_BYTES + NONCE_BYTES);
  const mark = bytes.slice(EXPIRY_BYTES + NONCE_BYTES);
  if (!equalBytes(mark, await markOf(key, "enrol", expiry, nonce))) return undefined;
  const expiresAt = new DataView(expiry.buffer).getUint32(0);
  return now < expiresAt ? { ticket: base64url(concat(expiry, nonce)), expiresAt } : undefined;
}
