import { Aes256Gcm, CipherSuite } from "@hpke/core";
import * as v from "valibot";
import { type Bytes, base64url, fromBase64url, utf8 } from "./encoding.ts";
import { DirectHkdf, DirectKem } from "./hkdf.ts";

/** The suite of `jc1`: nothing else is ever offered or accepted. @source RFC 9180, mode base. */
const suite = new CipherSuite({
  kem: new DirectKem(),
  kdf: new DirectHkdf(),
  aead: new Aes256Gcm(),
});

/** What a seal is for; part of the HPKE `info`, so a box made for one purpose opens for no other. */
export type SealPurpose = "env-inner" | "env-outer" | "req" | "res" | "enrol" | "relay" | "ask";

const Base64url = v.pipe(v.string(), v.regex(/^[\w-]+$/));

/** An HPKE box: encapsulated key (65 bytes) and ciphertext, both base64url. */
export const Sealed = v.strictObject({
  e: v.pipe(Base64url, v.length(87)),
  c: v.pipe(Base64url, v.maxLength(24_000)),
});
export type Sealed = v.InferOutput<typeof Sealed>;

export interface SealContext {
  readonly purpose: SealPurpose;
  /** The broker everybody pinned: a box made for one broker opens at no other. */
  readonly bid: string;
  /** The fields this box belongs to. Their text is authenticated, not hidden. */
  readonly context: string;
}

const infoOf = ({ purpose, bid }: SealContext): ArrayBuffer => utf8(`jc1/${purpose}/${bid}`).buffer;

export async function seal(to: CryptoKey, at: SealContext, plaintext: Uint8Array): Promise<Sealed> {
  const { enc, ct } = await suite.seal(
    { recipientPublicKey: to, info: infoOf(at) },
    plaintext.slice().buffer,
    utf8(at.context).buffer,
  );
  return { e: base64url(new Uint8Array(enc)), c: base64url(new Uint8Array(ct)) };
}

/** @returns the plaintext, or `undefined` when key, purpose, broker, context or a single bit differ. */
export async function open(key: CryptoKeyPair, at: SealContext, box: Sealed): Promise<Bytes | undefined> {
  const enc = fromBase64url(box.e);
  const ciphertext = fromBase64url(box.c);
  if (!enc || !ciphertext) return undefined;
  try {
    const plaintext = await suite.open(
      { recipientKey: key, enc: enc.buffer, info: infoOf(at) },
      ciphertext.buffer,
      utf8(at.context).buffer,
    );
    return new Uint8Array(plaintext);
  } catch {
    return undefined;
  }
}
