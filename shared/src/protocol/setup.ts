import { base64url, fromBase64url } from "../crypto/encoding.ts";
import type { BrokerId } from "../domain/ids.ts";
import { Secret } from "../secret.ts";
import { decodeCode, type EnrolmentCode, encodeCode } from "./enrolment.ts";

/*
 * One code for one computer: it enrols the extension at the local broker and pairs the terminal that waits there. It goes
 * from the terminal to the extension, which somebody could talk a person into; so it counts only for a broker on the very
 * computer of the browser.
 */

/** How long a terminal waits for its code to be pasted, in seconds. The enrolment token inside lives as long. */
export const SETUP_LIFETIME_SECONDS = 600;

export interface SetupCode extends EnrolmentCode {
  /** Mailbox id, minted where the broker's keys are; opened by the extension. */
  readonly m: string;
  /** 32 random bytes, base64url: the key of the mailbox's contents. */
  readonly s: Secret<string>;
}

const BID_BYTES = 32;
const TOKEN_BYTES = 52;
const MAILBOX_BYTES = 32;
const SECRET_BYTES = 32;

/** The secret is made here, and stands in the code alone. */
export function encodeSetupCode({ bid, url, token, m }: Omit<SetupCode, "s">): Promise<string> {
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return encodeCode("jcs1", [fromBase64url(bid)!, fromBase64url(token)!, fromBase64url(m)!, secret], url);
}

/** [ST1] @returns `undefined` also for a code whose address is not a literal loopback one. */
export async function decodeSetupCode(text: string): Promise<SetupCode | undefined> {
  const code = await decodeCode("jcs1", [BID_BYTES, TOKEN_BYTES, MAILBOX_BYTES, SECRET_BYTES], text);
  if (!code || !["127.0.0.1", "[::1]"].includes(new URL(code.url).hostname)) return undefined;
  const [bid, token, m, s] = code.fixed.map(base64url);
  return { bid: bid as BrokerId, token: token!, m: m!, s: new Secret(s!), url: code.url };
}
