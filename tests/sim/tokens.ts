import { createHash, randomBytes, randomUUID } from "node:crypto";

/** Every unguessable string the world hands out, in the form the real services give it. */

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ";

const pick = (alphabet: string, length: number): string =>
  Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");

/** A compact JWE as the portal's cookie holds it: five parts, 12-byte IV, 16-byte tag, opaque to everybody. */
export function portalToken(): string {
  const header = Buffer.from(JSON.stringify({ alg: "A256KW", enc: "A256GCM", cty: "JWT" }));
  return [header, randomBytes(40), randomBytes(12), randomBytes(420), randomBytes(16)]
    .map((part) => part.toString("base64url"))
    .join(".");
}

export const accessToken = (): string => `aoa${opaque(90)}:${opaque(70)}`;
export const refreshToken = (): string => `aor${opaque(90)}:${opaque(70)}`;
export const signInToken = (): string => opaque(300);
export const opaque = (bytes: number): string => randomBytes(bytes).toString("base64url");
export const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
export const uuid = (): string => randomUUID();
export const userCode = (): string => `${pick(CONSONANTS, 4)}-${pick(CONSONANTS, 4)}`;
export const accessKeyId = (): string => `ASIA${pick(BASE32, 16)}`;
export const secretAccessKey = (): string => randomBytes(30).toString("base64");
export const sessionToken = (): string => `IQoJb3JpZ2luX2VjE${randomBytes(420).toString("base64")}`;

/** Ids that are the same in every run: sixteen hex digits made from what they name. */
export const stableHex = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 16);
