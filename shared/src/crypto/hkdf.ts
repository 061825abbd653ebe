import { DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

/*
 * Of the steps of HPKE nearly all are an HMAC over a few dozen bytes. The platforms' own are promises: in Node each is a way
 * to another thread and back, and in workerd it leaves native memory behind until the next large collection, which comes
 * late. Points on the curve and the cipher stay the platform's. @source RFC 5869, RFC 9180 §4.
 */

type Input = ArrayBufferLike | ArrayBufferView;

const bytesOf = (input: Input): Uint8Array =>
  ArrayBuffer.isView(input)
    ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
    : new Uint8Array(input);

export class DirectHkdf extends HkdfSha256 {
  override async extract(salt: Input, ikm: Input): Promise<ArrayBuffer> {
    return extract(sha256, bytesOf(ikm), bytesOf(salt)).slice().buffer;
  }

  override async extractAndExpand(
    salt: Input,
    ikm: Input,
    info: Input,
    length: number,
  ): Promise<ArrayBuffer> {
    const key = extract(sha256, bytesOf(ikm), bytesOf(salt));
    return expand(sha256, key, bytesOf(info), length).slice().buffer;
  }
}

/** `KEM`, and the number of the key encapsulation. @source RFC 9180 §4.1, §7.1. */
const SUITE_ID = new Uint8Array([0x4b, 0x45, 0x4d, 0x00, 0x10]);

/** Takes its hash-based steps the same way. */
export class DirectKem extends DhkemP256HkdfSha256 {
  constructor() {
    super();
    this._kdf = new DirectHkdf();
    this._kdf.init(SUITE_ID);
  }
}
