import { base64url, concat, digest, fromBase64url, fromUtf8, utf8 } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys, importKeyPair } from "@jcfetch/shared/crypto/keys";
import { EPOCH_LIFE_SECONDS } from "@jcfetch/shared/protocol/version";
import type { Secret } from "@jcfetch/shared/secret";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { EpochRow } from "./calls.ts";

/*
 * [KS3] An epoch's private key at rest: AES-256-GCM under a key derived from the broker's root key, bound to the broker and
 * to the epoch's times. Who has the database and not the root key has nothing, and nobody can make an epoch live longer.
 */

const IV_BYTES = 12;
const KID_CHARS = 16;

type Fields = Pick<EpochRow, "kid" | "nbf" | "exp">;

async function wrappingKey(root: Secret<Uint8Array>): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", new Uint8Array(root.reveal()), "HKDF", false, [
    "deriveKey",
  ]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8("jc1/epoch") };
  return crypto.subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

const sealing = (iv: Uint8Array, bid: string, { kid, nbf, exp }: Fields) => ({
  name: "AES-GCM",
  iv,
  additionalData: utf8(`${bid}|${kid}|${nbf}|${exp}`),
});

/** A fresh epoch, from now on. */
export async function makeEpoch(root: Secret<Uint8Array>, bid: string, now: EpochSeconds): Promise<EpochRow> {
  const { privateKey, publicKey } = await generateKeys("agree", true);
  const pk = await exportPublicKey(publicKey);
  const fields = { kid: (await digest(pk)).slice(0, KID_CHARS), nbf: now, exp: now + EPOCH_LIFE_SECONDS };
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = utf8(JSON.stringify(await crypto.subtle.exportKey("jwk", privateKey)));
  const sealed = await crypto.subtle.encrypt(sealing(iv, bid, fields), await wrappingKey(root), plain);
  return { ...fields, pk, wrapped: base64url(concat(iv, new Uint8Array(sealed))) };
}

/** @returns `undefined` when it was wrapped under another root key, or was changed. */
export async function openEpoch(
  root: Secret<Uint8Array>,
  bid: string,
  row: EpochRow,
): Promise<CryptoKeyPair | undefined> {
  const bytes = fromBase64url(row.wrapped);
  if (!bytes || bytes.length <= IV_BYTES) return undefined;
  const at = sealing(bytes.slice(0, IV_BYTES), bid, row);
  try {
    const plain = await crypto.subtle.decrypt(at, await wrappingKey(root), bytes.slice(IV_BYTES));
    const keys = await importKeyPair("agree", JSON.parse(fromUtf8(new Uint8Array(plain))) as JsonWebKey);
    // The broker signs what the row says, and everybody seals to it: it must be the key that was wrapped.
    return (await exportPublicKey(keys.publicKey)) === row.pk ? keys : undefined;
  } catch {
    return undefined;
  }
}
