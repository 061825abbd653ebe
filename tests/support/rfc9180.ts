import { createDecipheriv, createECDH, createHmac } from "node:crypto";

/*
 * Opening one HPKE box, written down from RFC 9180 (sections 4.1, 5.1 and 7.1) for the one suite of jc1 and nothing else:
 * DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, mode base. It shares no code with the libraries it is held against.
 */

const u16 = (n: number): Buffer => Buffer.from([n >> 8, n & 0xff]);
const KEM_SUITE = Buffer.concat([Buffer.from("KEM"), u16(0x0010)]);
const HPKE_SUITE = Buffer.concat([Buffer.from("HPKE"), u16(0x0010), u16(0x0001), u16(0x0002)]);
const VERSION = Buffer.from("HPKE-v1");
const NONE = Buffer.alloc(0);

const extract = (suite: Buffer, salt: Buffer, label: string, ikm: Buffer): Buffer =>
  createHmac("sha256", salt)
    .update(Buffer.concat([VERSION, suite, Buffer.from(label), ikm]))
    .digest();

/** Of at most 32 bytes, so of one block. */
const expand = (suite: Buffer, prk: Buffer, label: string, info: Buffer, length: number): Buffer =>
  createHmac("sha256", prk)
    .update(Buffer.concat([u16(length), VERSION, suite, Buffer.from(label), info, Buffer.from([1])]))
    .digest()
    .subarray(0, length);

export interface Rfc9180Box {
  /** The recipient's private scalar, 32 bytes. */
  readonly privateKey: Buffer;
  /** The sender's one-use public key, uncompressed, 65 bytes. */
  readonly enc: Buffer;
  /** With its tag of 16 bytes at the end. */
  readonly ciphertext: Buffer;
  readonly info: Buffer;
  readonly aad: Buffer;
}

/** @throws Error when the tag does not fit. */
export function openByTheBook({ privateKey, enc, ciphertext, info, aad }: Rfc9180Box): Buffer {
  const recipient = createECDH("prime256v1");
  recipient.setPrivateKey(privateKey);
  const dh = recipient.computeSecret(enc);
  const kemContext = Buffer.concat([enc, recipient.getPublicKey()]);
  const shared = expand(KEM_SUITE, extract(KEM_SUITE, NONE, "eae_prk", dh), "shared_secret", kemContext, 32);

  const context = Buffer.concat([
    Buffer.from([0]),
    extract(HPKE_SUITE, NONE, "psk_id_hash", NONE),
    extract(HPKE_SUITE, NONE, "info_hash", info),
  ]);
  const secret = extract(HPKE_SUITE, shared, "secret", NONE);
  const key = expand(HPKE_SUITE, secret, "key", context, 32);
  const nonce = expand(HPKE_SUITE, secret, "base_nonce", context, 12);

  const cipher = createDecipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(aad);
  cipher.setAuthTag(ciphertext.subarray(-16));
  return Buffer.concat([cipher.update(ciphertext.subarray(0, -16)), cipher.final()]);
}
