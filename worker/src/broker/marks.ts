import { base64url, concat, equalBytes, fromBase64url, utf8 } from "@jcfetch/shared/crypto/encoding";
import type { Secret } from "@jcfetch/shared/secret";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/*
 * Names that only this broker can have given out. They are checked without storage, so that nobody who is not enrolled can
 * make it touch, or make, an object. [EN5] [PA13]
 */

type Purpose = "member" | "mailbox" | "enrol" | "state";
const MARK_BYTES = 16;
const NONCE_BYTES = 16;

/** HMAC-SHA-256 under the broker's own key; each purpose has its own domain. */
export async function markOf(
  key: Secret<Uint8Array>,
  purpose: Purpose,
  ...parts: Uint8Array[]
): Promise<Uint8Array> {
  return hmac(sha256, key.reveal(), concat(utf8(`jc1/${purpose}`), ...parts));
}

/** What an extension gets when it enrols; it stands in its proofs and in its grants. */
export async function memberMark(key: Secret<Uint8Array>, uid: string): Promise<string> {
  return base64url((await markOf(key, "member", utf8(uid))).slice(0, MARK_BYTES));
}

export async function isMember(
  key: Secret<Uint8Array>,
  uid: string,
  mark: string | undefined,
): Promise<boolean> {
  return mark !== undefined && equalBytes(utf8(mark), utf8(await memberMark(key, uid)));
}

export async function mintMailboxId(key: Secret<Uint8Array>): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const mark = await markOf(key, "mailbox", nonce);
  return base64url(concat(nonce, mark.slice(0, MARK_BYTES)));
}

export async function isMailboxId(key: Secret<Uint8Array>, m: string): Promise<boolean> {
  const bytes = fromBase64url(m);
  if (bytes?.length !== NONCE_BYTES + MARK_BYTES) return false;
  const mark = await markOf(key, "mailbox", bytes.slice(0, NONCE_BYTES));
  return equalBytes(bytes.slice(NONCE_BYTES), mark.slice(0, MARK_BYTES));
}

/*
 * [JS1] The number of a join state: a counter, and 20 bits that only this broker can have put behind it. Who stole a
 * device's keys without its folder cannot guess the next one.
 */

const MARK_VALUES = 2 ** 20;
const COUNTER_BYTES = 8;

export async function markJoinState(key: Secret<Uint8Array>, did: string, counter: number): Promise<number> {
  if (counter === 0) return 0;
  const bytes = new Uint8Array(COUNTER_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(counter));
  const mark = await markOf(key, "state", utf8(did), bytes);
  return counter * MARK_VALUES + (new DataView(mark.buffer).getUint32(0) % MARK_VALUES);
}

/** @returns the counter, or `undefined` for a number that was never given to this device. */
export async function readJoinState(
  key: Secret<Uint8Array>,
  did: string,
  n: number,
): Promise<number | undefined> {
  const counter = Math.floor(n / MARK_VALUES);
  return (await markJoinState(key, did, counter)) === n ? counter : undefined;
}
