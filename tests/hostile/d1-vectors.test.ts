import { fromBase64url, utf8 } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys, importPublicKey } from "@jcfetch/shared/crypto/keys";
import { open, type SealContext, type SealPurpose, seal } from "@jcfetch/shared/crypto/seal";
import * as HPKE from "hpke";
import { describe, expect, it } from "vitest";
import { openByTheBook } from "../support/rfc9180.ts";
import { RUNTIMES } from "../vectors/runtimes.ts";
import { count, isFull, measured, type Random, random, scale } from "./scale.ts";

/*
 * Known answers in four runtimes (of which tests/contract/vectors.test.ts is the daily run), and our seals against a second
 * library and against the RFC written down by hand, with random purposes, contexts, lengths and keys.
 */

const second = new HPKE.CipherSuite(
  HPKE.KEM_DHKEM_P256_HKDF_SHA256,
  HPKE.KDF_HKDF_SHA256,
  HPKE.AEAD_AES_256_GCM,
);

const PURPOSES: readonly SealPurpose[] = ["env-inner", "env-outer", "req", "res", "enrol", "relay", "ask"];
const BYTES_AT_MOST = 6_000;
const ROUNDS = scale(60, 1_000);
/** One recipient for so many boxes. */
const KEY_ROUNDS = 20;

const bytes = (next: Random, length: number): Uint8Array => Uint8Array.from({ length }, () => next(256));
const text = (next: Random, length: number): string => Buffer.from(bytes(next, length)).toString("base64url");

function draw(next: Random): { at: SealContext; plaintext: Uint8Array } {
  const purpose = PURPOSES[next(PURPOSES.length)]!;
  const at = { purpose, bid: text(next, 32), context: `1|${text(next, next(80))}|ä€😀` };
  // Short ones often: the edges of a block are there.
  return { at, plaintext: bytes(next, next(3) === 0 ? next(BYTES_AT_MOST) : next(40)) };
}

const infoOf = ({ purpose, bid }: SealContext) => ({ info: utf8(`jc1/${purpose}/${bid}`) });
const extraOf = (at: SealContext) => ({ ...infoOf(at), aad: utf8(at.context) });
const base64url = (data: Uint8Array): string => Buffer.from(data).toString("base64url");

async function eachRound(act: (keys: CryptoKeyPair, next: Random) => Promise<void>): Promise<void> {
  const next = random();
  let keys = await generateKeys("agree", true);
  for (let round = 0; round < ROUNDS; round++) {
    if (round % KEY_ROUNDS === 0) keys = await generateKeys("agree", true);
    await act(keys, next);
  }
}

describe("D-1: known answers", () => {
  it("D-1: the vectors of every document, seal and code give the same everywhere", async (test) => {
    const expected = await RUNTIMES.Node!();
    expect(expected.failures).toEqual([]);
    // The browsers have their turn in the daily run of the vectors already.
    const names = isFull() ? Object.keys(RUNTIMES) : ["Node", "workerd"];
    for (const name of names) expect(await RUNTIMES[name]!()).toEqual(expected);
    measured(test, `${expected.checks} checks in ${names.join(", ")}`);
  });
});

describe("D-1: seals", () => {
  it("D-1: what a second library seals, ours opens", async (test) => {
    await eachRound(async (keys, next) => {
      const { at, plaintext } = draw(next);
      const sealed = await second.Seal(keys.publicKey as never, plaintext, extraOf(at));
      const box = { e: base64url(sealed.encapsulatedSecret), c: base64url(sealed.ciphertext) };
      expect(await open(keys, at, box)).toEqual(plaintext);
      expect(await open(keys, { ...at, context: `${at.context}.` }, box)).toBeUndefined();
    });
    measured(test, `${count(ROUNDS)} boxes`);
  });

  it("D-1: what ours seals, a second library opens", async (test) => {
    await eachRound(async (keys, next) => {
      const { at, plaintext } = draw(next);
      // As a peer has it: the public key went over the wire.
      const to = (await importPublicKey("agree", await exportPublicKey(keys.publicKey)))!;
      const box = await seal(to, at, plaintext);
      const opened = await second.Open(
        keys as never,
        fromBase64url(box.e)!,
        fromBase64url(box.c)!,
        extraOf(at),
      );
      expect(new Uint8Array(opened)).toEqual(plaintext);
    });
    measured(test, `${count(ROUNDS)} boxes`);
  });

  it("D-1: what ours seals, opens by RFC 9180 as it is written", async (test) => {
    await eachRound(async (keys, next) => {
      const { at, plaintext } = draw(next);
      const box = await seal(keys.publicKey, at, plaintext);
      const { d } = await crypto.subtle.exportKey("jwk", keys.privateKey);
      const [enc, ciphertext] = [Buffer.from(box.e, "base64url"), Buffer.from(box.c, "base64url")];
      const { info, aad } = extraOf(at);
      const privateKey = Buffer.from(d!, "base64url");
      const whole = { privateKey, enc, ciphertext, info: Buffer.from(info), aad: Buffer.from(aad) };
      expect(openByTheBook(whole)).toEqual(Buffer.from(plaintext));
      expect(() => openByTheBook({ ...whole, aad: Buffer.concat([whole.aad, Buffer.from(".")]) })).toThrow();
    });
    measured(test, `${count(ROUNDS)} boxes`);
  });
});
