import type { BrokerId, DeviceId, UserId } from "../domain/ids.ts";
import { type Bytes, base32, base64url, fromBase64url, sha256 } from "./encoding.ts";

const ECDSA = { name: "ECDSA", namedCurve: "P-256" } as const;
const ECDH = { name: "ECDH", namedCurve: "P-256" } as const;

export type KeyUse = "sign" | "agree";

const algorithm = { sign: ECDSA, agree: ECDH } as const;
const usages = { sign: ["sign", "verify"], agree: ["deriveBits"] } as const;
const publicUsages = { sign: ["verify"], agree: [] } as const;

/** A fresh P-256 pair. Extractable only where the holder must write it to a file of its own (the command line). */
export async function generateKeys(use: KeyUse, extractable = false): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey(algorithm[use], extractable, [...usages[use]])) as CryptoKeyPair;
}

/** Read a private P-256 JWK into a pair whose private half cannot be exported again. @throws DataError on a bad key. */
export async function importKeyPair(use: KeyUse, jwk: JsonWebKey): Promise<CryptoKeyPair> {
  const { kty, crv, x, y, d } = jwk as Required<JsonWebKey>;
  const privateUsages = use === "sign" ? ["sign" as const] : ["deriveBits" as const];
  const privateKey = await crypto.subtle.importKey(
    "jwk",
    { kty, crv, x, y, d },
    algorithm[use],
    false,
    privateUsages,
  );
  const publicKey = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm[use], true, [
    ...publicUsages[use],
  ]);
  return { privateKey, publicKey };
}

/** Public key as SubjectPublicKeyInfo (91 bytes), base64url. */
export async function exportPublicKey(key: CryptoKey): Promise<string> {
  return base64url(new Uint8Array((await crypto.subtle.exportKey("spki", key)) as ArrayBuffer));
}

/** The inverse of `exportPublicKey`; `undefined` for anything that is not a P-256 key in canonical form. */
export async function importPublicKey(use: KeyUse, text: string): Promise<CryptoKey | undefined> {
  const spki = fromBase64url(text);
  if (spki?.length !== 91) return undefined;
  try {
    return await crypto.subtle.importKey("spki", spki, algorithm[use], true, [...publicUsages[use]]);
  } catch {
    return undefined; // not a point on the curve
  }
}

const MAX_SIGNERS = 1_024;
/** By the whole text of the key: nothing but what everybody may know, and what was not used for longest goes first. */
const signers = new Map<string, CryptoKey>();

/** The key that checks somebody's signatures. Whoever signs does so again soon; reading a key takes as long as a check. */
export async function importSigner(text: string): Promise<CryptoKey | undefined> {
  const key = signers.get(text) ?? (await importPublicKey("sign", text));
  if (!key) return undefined;
  signers.delete(text);
  signers.set(text, key);
  if (signers.size > MAX_SIGNERS) signers.delete(signers.keys().next().value!);
  return key;
}

const spkiHash = async (publicKey: string): Promise<Bytes> =>
  sha256(fromBase64url(publicKey) ?? new Uint8Array());

/** A user is the hash of the extension's public signing key. */
export async function userIdOf(extensionSigningKey: string): Promise<UserId> {
  return base32(await spkiHash(extensionSigningKey)).slice(0, 26) as UserId;
}

/** A device is the hash of its public signing key. */
export async function deviceIdOf(deviceSigningKey: string): Promise<DeviceId> {
  return base32(await spkiHash(deviceSigningKey)).slice(0, 26) as DeviceId;
}

/** A broker is the hash of its public signing key. */
export async function brokerIdOf(brokerSigningKey: string): Promise<BrokerId> {
  return base64url(await spkiHash(brokerSigningKey)) as BrokerId;
}
