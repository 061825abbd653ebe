import { base64url, fromBase64url, fromUtf8, utf8 } from "@jcfetch/shared/crypto/encoding";
import { CompactSign } from "jose";
import type { Random } from "../scale.ts";
import { type Json, type Mutated, mutateJson } from "./values.ts";

/** A signed document put wrong: what it says, with a good signature; or how it is signed. */
export interface MutatedDocument extends Mutated {
  /** The changed payload, where the signature over it is good. */
  readonly payload?: string;
}

export const isDocument = (value: unknown): value is string =>
  typeof value === "string" && /^[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}$/.test(value);

export interface Read {
  readonly header: { readonly [name: string]: Json };
  readonly payload: Json;
}

const part = (text: string): Json => JSON.parse(fromUtf8(fromBase64url(text)!)) as Json;

export function readDocument(jws: string): Read {
  const [header, payload] = jws.split(".");
  return { header: part(header!) as Read["header"], payload: part(payload!) };
}

/** Sign any text, whether it is JSON or not, under any header. */
export const signText = (header: object, text: string, key: CryptoKey): Promise<string> =>
  new CompactSign(utf8(text)).setProtectedHeader({ alg: "ES256", ...header }).sign(key);

const encoded = (value: unknown): string => base64url(utf8(JSON.stringify(value)));

const OTHER_HEADERS: readonly object[] = [
  { alg: "none" },
  { alg: "None" },
  { alg: "HS256" },
  { alg: "ES384" },
  { alg: "ES256", typ: "JWT" },
  { alg: "ES256", typ: undefined },
  { alg: "ES256", crit: ["exp"], exp: 1 },
  { alg: "ES256", b64: false, crit: ["b64"] },
  { alg: "ES256", kid: "../../key" },
  { alg: "ES256", jku: "http://169.254.169.254/keys" },
  { alg: "ES256", zip: "DEF" },
];

/** Documents of other kinds, for the place of this one. */
const TYPES = [
  "jc-keys+jwt",
  "jc-grant+jwt",
  "jc-env+jwt",
  "jc-rl+jwt",
  "jc-proof+jwt",
  "jc-ext+jwt",
  "jc-res+jwt",
];

export async function mutateDocument(jws: string, key: CryptoKey, random: Random): Promise<MutatedDocument> {
  const { header, payload } = readDocument(jws);
  const [h, p, s] = jws.split(".") as [string, string, string];
  switch (random(8)) {
    case 0: {
      const other = OTHER_HEADERS[random(OTHER_HEADERS.length)]!;
      const typ = "typ" in other ? {} : { typ: header.typ };
      return { member: "header", text: `${encoded({ ...other, ...typ })}.${p}.${s}` };
    }
    case 1: {
      const others = TYPES.filter((typ) => typ !== header.typ);
      const typ = others[random(others.length)]!;
      return { member: "typ", text: await signText({ typ }, JSON.stringify(payload), key) };
    }
    case 2: {
      const wrong = ["", "A".repeat(86), s.slice(0, -2), s.split("").reverse().join(""), `${s}=`, `${s}AA`];
      return { member: "signature", text: `${h}.${p}.${wrong[random(wrong.length)]}` };
    }
    case 3:
      return { member: "payload", text: `${h}.${base64url(utf8(mutateJson(payload, random).text))}.${s}` };
    default: {
      const { text, member } = mutateJson(payload, random);
      return { member, payload: text, text: await signText({ typ: header.typ }, text, key) };
    }
  }
}
