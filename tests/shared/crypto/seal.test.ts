import { fromBase64url, fromUtf8, utf8 } from "@jcfetch/shared/crypto/encoding";
import { generateKeys } from "@jcfetch/shared/crypto/keys";
import { open, seal } from "@jcfetch/shared/crypto/seal";
import * as HPKE from "hpke";
import { describe, expect, it } from "vitest";

const at = { purpose: "req", bid: "b".repeat(43), context: "1|uid|/v1/credentials" } as const;
const info = utf8(`jc1/req/${at.bid}`);

/** A second implementation, so that a mistake of ours or of our library's cannot agree with itself. */
const second = new HPKE.CipherSuite(
  HPKE.KEM_DHKEM_P256_HKDF_SHA256,
  HPKE.KDF_HKDF_SHA256,
  HPKE.AEAD_AES_256_GCM,
);

describe("seals against a second HPKE library", () => {
  it("[DC4] opens what the other library sealed", async () => {
    const keys = await generateKeys("agree");
    for (let i = 0; i < 50; i++) {
      const text = `message ${i} ${"x".repeat(i * 13)}`;
      const { encapsulatedSecret, ciphertext } = await second.Seal(keys.publicKey as never, utf8(text), {
        info,
        aad: utf8(at.context),
      });
      const box = {
        e: Buffer.from(encapsulatedSecret).toString("base64url"),
        c: Buffer.from(ciphertext).toString("base64url"),
      };
      const opened = await open(keys, at, box);
      expect(opened && fromUtf8(opened)).toBe(text);
    }
  });

  it("[DC4] seals what the other library opens", async () => {
    const keys = await generateKeys("agree");
    for (let i = 0; i < 50; i++) {
      const box = await seal(keys.publicKey, at, utf8(`message ${i}`));
      const opened = await second.Open(keys as never, fromBase64url(box.e)!, fromBase64url(box.c)!, {
        info,
        aad: utf8(at.context),
      });
      expect(fromUtf8(new Uint8Array(opened))).toBe(`message ${i}`);
    }
  });

  it("[DC4] opens only with the right key", async () => {
    const [mine, theirs] = [await generateKeys("agree"), await generateKeys("agree")];
    const box = await seal(mine.publicKey, at, utf8("secret"));
    expect(await open(theirs, at, box)).toBeUndefined();
    expect(await open(mine, at, box)).toBeDefined();
  });
});
