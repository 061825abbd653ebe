import type { RawHttp } from "../../support/raw-http.ts";
import type { Sender } from "../../support/senders.ts";
import type { Random } from "../scale.ts";
import { isDocument, mutateDocument, readDocument } from "./documents.ts";
import { mayPassAsBody, mayPassAsDocument } from "./free.ts";
import { type Json, mutateJson } from "./values.ts";

/** A good request with one thing put wrong. Every signature is good that the sender could make: only the rules are left. */
export interface Mutant extends RawHttp {
  readonly path: string;
  /** What was done, for people. */
  readonly what: string;
  /** It says something else, but nothing that the treaty forbids. */
  readonly mayPass: boolean;
}

type Attack = (sender: Sender, random: Random) => Promise<Mutant | undefined>;

type Fields = { readonly [name: string]: Json };

async function proved(sender: Sender, body: string): Promise<Pick<RawHttp, "headers" | "body">> {
  return { headers: (await sender.prove?.(body)) ?? {}, body };
}

const goodBody = async (sender: Sender): Promise<string> => JSON.stringify(await sender.body());

/** One of the signed documents in these fields, put wrong. @returns `undefined` when there is none. */
async function wrongDocument(fields: Fields, sender: Sender, random: Random) {
  const named = Object.entries(fields).filter((entry): entry is [string, string] => isDocument(entry[1]));
  const [name, jws] = named[random(Math.max(1, named.length))] ?? [];
  if (name === undefined || jws === undefined || !sender.keys) return undefined;
  const typ = String(readDocument(jws).header.typ);
  const { member, text, payload } = await mutateDocument(jws, sender.keys.extension, random);
  return {
    what: `${typ} ${member}`,
    fields: { ...fields, [name]: text },
    mayPass: payload !== undefined && mayPassAsDocument(sender.path, typ, member, payload),
  };
}

const HEADERS: readonly Record<string, string>[] = [
  { "jc-user": "a".repeat(26) },
  { "jc-user": "" },
  { "jc-user": "__proto__" },
  { "jc-proof": "a.b.c" },
  { "jc-proof": "" },
  { "jc-proof": `${"A".repeat(2_000)}.${"B".repeat(4_000)}.CC` },
  { "jc-version": "0" },
  { "jc-version": "2" },
  { "jc-version": "1, 1" },
  { "jc-version": "1.0" },
  { "content-type": "application/json" },
  { "content-type": "text/plain" },
  { "content-type": "application/jc+json; charset=utf-7" },
  { host: "broker.example" },
  { host: "127.0.0.1.example" },
  { host: "169.254.169.254" },
  { host: "127.0.0.1:80@broker.example" },
  { origin: "null" },
  { origin: "https://acme.awsapps.com" },
  { origin: "chrome-extension://a" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-origin" },
];

const PATHS: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => path.toUpperCase(),
  (path) => path.replace("/v1", "/v2"),
  (path) => path.replace("/v1", "//v1"),
  (path) => `${path}%00`,
  (path) => `${path};x=1`,
  (path) => `/x/..%2f..${path}`,
  (path) => `${path}%2f..`,
];

const ATTACKS: readonly Attack[] = [
  async function body(sender, random) {
    const { text, member } = mutateJson((await sender.body()) as Fields, random);
    const mayPass = mayPassAsBody(sender.path, member, text);
    return { path: sender.path, what: `body ${member}`, mayPass, ...(await proved(sender, text)) };
  },
  async function document(sender, random) {
    const wrong = await wrongDocument((await sender.body()) as Fields, sender, random);
    if (!wrong) return undefined;
    const { what, mayPass, fields } = wrong;
    return { path: sender.path, what, mayPass, ...(await proved(sender, JSON.stringify(fields))) };
  },
  async function proof(sender, random) {
    const body = await goodBody(sender);
    const headers = await sender.prove?.(body);
    const key = sender.keys?.device ?? sender.keys?.extension;
    if (!headers || !key) return undefined;
    const jws = headers["JC-Proof"]!;
    const typ = String(readDocument(jws).header.typ);
    const { text, member, payload } = await mutateDocument(jws, key, random);
    const mayPass = payload !== undefined && mayPassAsDocument(sender.path, typ, member, payload);
    return {
      path: sender.path,
      what: `${typ} ${member}`,
      mayPass,
      headers: { ...headers, "JC-Proof": text },
      body,
    };
  },
  async function underSeal({ sealed, ...sender }, random) {
    if (!sealed) return undefined;
    const { text, member } = mutateJson((await sealed.plain()) as Fields, random);
    const content = readable(text);
    if (content === undefined) return undefined;
    const body = JSON.stringify(await sealed.around(content));
    return { path: sender.path, what: `sealed ${member}`, mayPass: false, ...(await proved(sender, body)) };
  },
  async function notGranted({ sealed, ...sender }, random) {
    const plain = await sealed?.plain();
    if (!sealed || !plain || !("role" in plain)) return undefined;
    const others = [
      { role: "ReadOnly" },
      { account: "123456789012", role: "Admin" },
      { account: "111122223333" },
    ];
    const body = JSON.stringify(await sealed.around({ ...plain, ...others[random(others.length)] }));
    return { path: sender.path, what: "not granted", mayPass: false, ...(await proved(sender, body)) };
  },
  async function documentUnderSeal(sender, random) {
    if (!sender.sealed) return undefined;
    const wrong = await wrongDocument((await sender.sealed.plain()) as Fields, sender, random);
    if (!wrong) return undefined;
    const body = JSON.stringify(await sender.sealed.around(wrong.fields));
    return {
      path: sender.path,
      what: `sealed ${wrong.what}`,
      mayPass: wrong.mayPass,
      ...(await proved(sender, body)),
    };
  },
  async function bytes(sender, random) {
    const request = await proved(sender, await goodBody(sender));
    const changed = Buffer.from(request.body as string);
    changed[random(changed.length)]! ^= 1 << random(8);
    const cut =
      random(2) === 0 ? changed : Buffer.from(request.body as string).subarray(0, random(changed.length));
    // A body without a proof over it may have lost nothing that counts.
    const mayPass = !sender.prove && mayPassAsBody(sender.path, "box", cut.toString());
    return { path: sender.path, what: "bytes after signing", mayPass, ...request, body: cut };
  },
  async function header(sender, random) {
    const { headers, body } = await proved(sender, await goodBody(sender));
    const wrong = HEADERS[random(HEADERS.length)]!;
    const [name] = Object.keys(wrong) as [string];
    const kept = Object.entries(headers!).filter(([one]) => one.toLowerCase() !== name);
    // Whoever may ask unsigned may also say any name.
    const mayPass = !sender.prove && name.startsWith("jc-") && name !== "jc-version";
    return {
      path: sender.path,
      what: `header ${JSON.stringify(wrong).slice(0, 80)}`,
      mayPass,
      headers: { ...Object.fromEntries(kept), ...wrong },
      ...(body === undefined ? {} : { body }),
    };
  },
  async function path(sender, random) {
    const path = PATHS[random(PATHS.length)]!(sender.path);
    return { path, what: `path ${path}`, mayPass: false, ...(await proved(sender, await goodBody(sender))) };
  },
  async function elsewhere(sender, random) {
    const paths = ["/v1/leave", "/v1/devices", "/v1/revocations", "/v1/envelopes/drop", "/v1/credentials"];
    const path = paths[random(paths.length)]!;
    if (path === sender.path) return undefined;
    return {
      path,
      what: `sent to ${path}`,
      mayPass: false,
      ...(await proved(sender, await goodBody(sender))),
    };
  },
];

function readable(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : { value };
  } catch {
    return undefined;
  }
}

/** Any one of them that this sender can try. */
export async function mutantOf(sender: Sender, random: Random): Promise<Mutant> {
  for (;;) {
    const mutant = await ATTACKS[random(ATTACKS.length)]!(sender, random);
    if (mutant) return mutant;
  }
}
