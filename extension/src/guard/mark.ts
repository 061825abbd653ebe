import { base64url, sha256, utf8 } from "@jcfetch/shared/crypto/encoding";
import * as v from "valibot";

/**
 * By which a text is known again without being kept: a salted hash. What is copied holds a secret key of 240 random bits, so
 * the hash gives nothing away.
 */
export const Mark = v.strictObject({ salt: v.string(), hash: v.string() });
export type Mark = v.InferOutput<typeof Mark>;

/** Clipboards change ends of lines, and some add or drop the last one. */
const plain = (text: string): string => text.replaceAll("\r\n", "\n").trimEnd();

const hashOf = async (salt: string, text: string): Promise<string> =>
  base64url(await sha256(utf8(`${salt}\n${plain(text)}`)));

export async function markOf(text: string): Promise<Mark> {
  const salt = base64url(crypto.getRandomValues(new Uint8Array(16)));
  return { salt, hash: await hashOf(salt, text) };
}

export async function hasMark(text: string, { salt, hash }: Mark): Promise<boolean> {
  return (await hashOf(salt, text)) === hash;
}
