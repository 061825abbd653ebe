import * as documents from "@jcfetch/shared/protocol/documents";
import { ENDPOINTS, type Endpoint } from "@jcfetch/shared/protocol/endpoints";
import * as v from "valibot";

/*
 * Which mutants are good requests after all. Everything that is not said here must be refused. A schema is what the treaty
 * says; which members the sender may choose is said in these tables, and for all others a change must be noticed.
 */

/** Members of a body, by endpoint, that mean something else but nothing wrong. */
const FREE_IN_BODY: Record<string, readonly string[]> = {
  "/v1/pairing/put": ["box", "slot"],
  "/v1/pairing/send": ["box", "slot"],
  "/v1/pairing/take": ["slot"],
  "/v1/pairing/receive": ["slot"],
  "/v1/pairing/burn": ["reason"],
  "/v1/audit": ["after", "limit"],
  "/v1/activity": ["after", "limit"],
};

/** Claims that whoever signs chooses. Of a proof: its time and its number within their rules, and what it has seen. */
const FREE_CLAIMS: Record<string, Record<string, readonly string[]>> = {
  "jc-proof+jwt": { "*": ["iat", "ctr", "n", "seq", "ah"] },
  "jc-ext+jwt": { "*": ["iat", "ctr"], "/v1/enrol": ["iat", "ctr", "member"] },
  // The key to which the extension wants to be sealed to is its own affair: the broker never seals to it.
  "jc-grant+jwt": { "/v1/grants": ["name", "modes", "policy", "iat", "exp", "minv", "Ekem"] },
  // The hash of the inner lock is for whoever can take off the outer one.
  "jc-env+jwt": { "/v1/envelopes": ["seq", "exp", "iat", "ih"], "/v1/credentials": ["iat", "oh"] },
  "jc-rl+jwt": { "/v1/revocations": ["rl", "dids", "lock", "locked", "iat"] },
};

/** Which schema each kind of document has. One that is missing here has no free members. */
const SCHEMAS: Record<string, v.GenericSchema> = {
  "jc-proof+jwt": documents.Proof,
  "jc-ext+jwt": documents.ExtensionProof,
  "jc-grant+jwt": documents.Grant,
  "jc-env+jwt": documents.Envelope,
  "jc-rl+jwt": documents.Revocations,
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const top = (member: string): string => member.split(".")[0]!;

export function mayPassAsBody(path: string, member: string, text: string): boolean {
  const endpoint = (Object.values(ENDPOINTS) as Endpoint[]).find((one) => one.path === path)!;
  return (
    (FREE_IN_BODY[path] ?? []).includes(top(member)) && v.safeParse(endpoint.request, parsed(text)).success
  );
}

export function mayPassAsDocument(path: string, typ: string, member: string, payload: string): boolean {
  const free = FREE_CLAIMS[typ] ?? {};
  const schema = SCHEMAS[typ];
  return (
    schema !== undefined &&
    (free[path] ?? free["*"] ?? []).includes(top(member)) &&
    v.safeParse(schema, parsed(payload)).success
  );
}
