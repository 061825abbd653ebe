import { CompactSign, compactVerify } from "jose";
import { bytesOfBase64url, fromUtf8, utf8 } from "./encoding.ts";

/** Every kind of signed document has its own `typ`, so that none can be passed off as another. */
export type DocumentType =
  | "jc-keys+jwt"
  | "jc-grant+jwt"
  | "jc-env+jwt"
  | "jc-rl+jwt"
  | "jc-proof+jwt"
  | "jc-ext+jwt"
  | "jc-res+jwt"
  | "jc-state+jwt"
  | "jc-head+jwt"
  | "jc-ok+jwt"
  | "jc-pair+jwt";

/** Sign a document as a compact JWS, ES256. */
export async function signDocument(typ: DocumentType, payload: object, key: CryptoKey): Promise<string> {
  return new CompactSign(utf8(JSON.stringify(payload))).setProtectedHeader({ alg: "ES256", typ }).sign(key);
}

/** `jose` passes over blanks and padding; then one document would have many texts, and a reader that is strict none. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Verify with a key the caller already trusts. The token's header chooses nothing: algorithm and type are fixed here.
 *
 * @returns the parsed JSON payload, or `undefined` for a bad signature, another type or text that is no document.
 */
export async function verifyDocument(typ: DocumentType, jws: string, key: CryptoKey): Promise<unknown> {
  if (!COMPACT.test(jws)) return undefined;
  try {
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ["ES256"] });
    if (protectedHeader.typ !== typ || Object.keys(protectedHeader).length !== 2) return undefined;
    return JSON.parse(fromUtf8(payload));
  } catch {
    return undefined;
  }
}

/**
 * Look into a document before its signer is known, to learn which key to check it with. Nothing read here may be
 * believed until `verifyDocument` has passed.
 */
export function peekDocument(jws: string): unknown {
  try {
    return JSON.parse(fromUtf8(bytesOfBase64url(jws.split(".")[1] ?? "")));
  } catch {
    return undefined;
  }
}
