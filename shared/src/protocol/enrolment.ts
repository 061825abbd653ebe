import { base64url, concat, equalBytes, fromBase64url, fromUtf8, sha256, utf8 } from "../crypto/encoding.ts";
import type { BrokerId } from "../domain/ids.ts";

/*
 * Codes that people carry by copy and paste: a prefix, then base64url of fixed fields, the broker's address and a
 * 4-byte checksum, so that half a code is told apart from a wrong one before anything is sent.
 */

const CHECKSUM_BYTES = 4;

export async function encodeCode(prefix: string, fixed: readonly Uint8Array[], url: string): Promise<string> {
  const body = concat(...fixed, utf8(url));
  const checksum = (await sha256(concat(utf8(prefix), body))).slice(0, CHECKSUM_BYTES);
  return `${prefix}_${base64url(concat(body, checksum))}`;
}

export interface DecodedCode {
  readonly fixed: readonly Uint8Array<ArrayBuffer>[];
  readonly url: string;
}

/** @returns `undefined` for text that is not one whole code of this kind. White space from pasting is ignored. */
export async function decodeCode(
  prefix: string,
  fixedLengths: readonly number[],
  text: string,
): Promise<DecodedCode | undefined> {
  const compact = text.replaceAll(/\s/g, "");
  if (!compact.startsWith(`${prefix}_`)) return undefined;
  const bytes = fromBase64url(compact.slice(prefix.length + 1));
  const fixedLength = fixedLengths.reduce((sum, length) => sum + length, 0);
  if (!bytes || bytes.length <= fixedLength + CHECKSUM_BYTES) return undefined;

  const body = bytes.slice(0, -CHECKSUM_BYTES);
  const checksum = (await sha256(concat(utf8(prefix), body))).slice(0, CHECKSUM_BYTES);
  if (!equalBytes(checksum, bytes.slice(-CHECKSUM_BYTES))) return undefined;

  const ends = fixedLengths.map((_, i) =>
    fixedLengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0),
  );
  const fixed = ends.map((end, i) => body.slice(end - fixedLengths[i]!, end));
  const url = brokerUrl(body.slice(fixedLength));
  return url === undefined ? undefined : { fixed, url };
}

function brokerUrl(bytes: Uint8Array): string | undefined {
  try {
    return brokerAddress(fromUtf8(bytes));
  } catch {
    return undefined; // not UTF-8
  }
}

/** [EN4] The origin of a broker's address: `https` only, unless it is a literal loopback one; nothing but an origin. */
export function brokerAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const loopback = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && loopback);
  const bare = url.pathname === "/" && url.search === "" && url.hash === "";
  return secure && bare && url.username === "" && url.password === "" ? url.origin : undefined;
}

/** Carried from where the broker runs to the extension: which broker, where, and a one-use token. */
export interface EnrolmentCode {
  readonly bid: BrokerId;
  readonly url: string;
  /** 52 bytes, base64url: expiry, nonce, and the broker's mark over both. */
  readonly token: string;
}

const BID_BYTES = 32;
const TOKEN_BYTES = 52;

export function encodeEnrolmentCode({ bid, url, token }: EnrolmentCode): Promise<string> {
  return encodeCode("jcb1", [fromBase64url(bid)!, fromBase64url(token)!], url);
}

export async function decodeEnrolmentCode(text: string): Promise<EnrolmentCode | undefined> {
  const code = await decodeCode("jcb1", [BID_BYTES, TOKEN_BYTES], text);
  if (!code) return undefined;
  const [bid, token] = code.fixed;
  return { bid: base64url(bid!) as BrokerId, token: base64url(token!), url: code.url };
}
