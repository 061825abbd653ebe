/**
 * What must be true of any deployed broker, seen from outside. Each check gives `undefined` when it is, or says what is
 * wrong; tests/scripts/smoke.test.ts shows each of them a broker of which it is not.
 */
import { peekDocument } from "@jcfetch/shared/crypto/sign";
import { Keyset } from "@jcfetch/shared/protocol/documents";
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { verifyKeyset } from "@jcfetch/shared/protocol/verify";
import { MAX_BODY_BYTES, MAX_SKEW_SECONDS } from "@jcfetch/shared/protocol/version";
import { toSeconds } from "@jcfetch/shared/time";
import * as v from "valibot";
import { codeOf, type Got, probe, type Sent } from "./probe.ts";
import { sampleBody } from "./sample.ts";

export interface Target {
  readonly url: string;
  /** Which broker must answer; unknown when nobody said. */
  readonly bid?: string;
}

type Fault = string | undefined;
export type Check = (target: Target) => Promise<Fault>;

const HEALTH = "/v1/health";
const said = (got: Got): string => codeOf(got) ?? `status ${got.status}`;

/** One request must be refused with one code. */
const refused =
  (code: string, sent: Sent, path: string = HEALTH): Check =>
  async ({ url }) => {
    const got = await probe(url, path, sent);
    return codeOf(got) === code ? undefined : `answered ${said(got)}, not ${code}`;
  };

/** The first fault of several. */
const all =
  (...checks: readonly Check[]): Check =>
  async (target) => {
    for (const check of checks) {
      const fault = await check(target);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };

/** None of our answers, whatever it is that answers there. */
const nothingAt =
  (path: string, sent: Sent): Check =>
  async ({ url }) => {
    const { status } = await probe(url, path, sent);
    return status >= 400 ? undefined : `${sent.method ?? "POST"} ${path} answered ${status}`;
  };

const health: Check = async ({ url }) => {
  const got = await probe(url, HEALTH);
  const good = got.status === 200 && got.headers["content-type"] === "application/jc+json";
  return good && got.text === '{"ok":true,"version":1}' ? undefined : `answered ${said(got)}`;
};

/** The broker's signed word about itself. @returns its text, or nothing when there is none. */
async function keysetOf({ url }: Target): Promise<string | undefined> {
  const { status, text } = await probe(url, "/v1/keys");
  try {
    const { keyset } = JSON.parse(text) as { keyset?: unknown };
    return status === 200 && typeof keyset === "string" ? keyset : undefined;
  } catch {
    return undefined;
  }
}

/** Which broker answers, by its own signed word; nothing when that is not good. */
export async function bidOf(target: Target): Promise<string | undefined> {
  const keyset = await keysetOf(target);
  const claimed = keyset === undefined ? undefined : v.safeParse(Keyset, peekDocument(keyset));
  if (!keyset || !claimed?.success) return undefined;
  return (await verifyKeyset(keyset, claimed.output.bid))?.bid;
}

const identity: Check = async (target) => {
  const bid = await bidOf(target);
  if (bid === undefined) return "no keyset that its own key signed";
  return target.bid === undefined || bid === target.bid ? undefined : `another broker answers: ${bid}`;
};

const clock: Check = async (target) => {
  const keyset = await keysetOf(target);
  const parsed = keyset === undefined ? undefined : v.safeParse(Keyset, peekDocument(keyset));
  if (!parsed?.success) return "no keyset";
  const { time, epochs } = parsed.output;
  const off = Math.abs(time - toSeconds(Date.now()));
  if (off > MAX_SKEW_SECONDS) return `its clock and this one differ by ${off} seconds`;
  return epochs.some(({ nbf, exp }) => nbf <= time && time < exp) ? undefined : "no key to seal to";
};

const FIXED_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
};

const headers: Check = async ({ url }) => {
  for (const path of [HEALTH, "/v1/keys", "/v1/devices", "/v1/none"]) {
    const got = await probe(url, path);
    for (const [name, value] of Object.entries(FIXED_HEADERS)) {
      if (got.headers[name] !== value) return `${path}: ${name} is ${got.headers[name] ?? "missing"}`;
    }
  }
  return undefined;
};

const FROM_A_PAGE = { origin: "https://evil.example", "access-control-request-method": "POST" };

const noCors: Check = async ({ url }) => {
  for (const method of ["OPTIONS", "POST"]) {
    const got = await probe(url, HEALTH, { method, headers: FROM_A_PAGE });
    const name = Object.keys(got.headers).find((one) => one.startsWith("access-control-"));
    if (name !== undefined || got.status < 400) return `${method}: ${name ?? `status ${got.status}`}`;
  }
  return undefined;
};

const noCookies: Check = async ({ url }) => {
  for (const path of [HEALTH, "/v1/devices", "/"]) {
    if ((await probe(url, path)).headers["set-cookie"] !== undefined) return `${path} sets a cookie`;
  }
  return undefined;
};

/** What an anonymous caller may hear: that it is not known, or that the key it names is not. */
const STRANGER = ["unknown", "epoch-unknown"];

const strangers: Check = async ({ url }) => {
  for (const [name, { path, caller, errors }] of Object.entries(ENDPOINTS)) {
    if (name === "health" || name === "keys") continue;
    const body = JSON.stringify(sampleBody(name as keyof typeof ENDPOINTS));
    const code = codeOf(await probe(url, path, { body })) ?? "no refusal";
    const expected: readonly string[] = caller === "anyone" ? errors : STRANGER;
    if (!expected.includes(code)) return `${path} answered ${code}`;
  }
  return undefined;
};

const CANARY = "canary-7f3a";

const silence: Check = async ({ url }) => {
  const asked: [string, Sent][] = [
    [HEALTH, { body: JSON.stringify({ [CANARY]: CANARY }) }],
    [`/v1/${CANARY}`, {}],
    ["/v1/devices", { headers: { "jc-user": CANARY, "jc-proof": CANARY } }],
  ];
  for (const [path, sent] of asked) {
    if ((await probe(url, path, sent)).text.includes(CANARY)) return `${path} repeats what it was sent`;
  }
  return undefined;
};

const sizes: Check = all(refused("too-large", { body: " ".repeat(MAX_BODY_BYTES + 1) }), async ({ url }) => {
  const got = await probe(url, HEALTH, { body: `{}${" ".repeat(MAX_BODY_BYTES - 2)}` });
  return got.status === 200 ? undefined : `${MAX_BODY_BYTES} bytes answered ${said(got)}`;
});

const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
};

/** A WebSocket opens for an extension's signed hello alone: not without one, and not for a made-up one. */
const HELLOS = [{}, { "sec-websocket-protocol": "jc1, hello.e.e.e" }];

const sockets: Check = all(
  ...HELLOS.flatMap((hello) =>
    ["/v1/socket", "/v1/health", "/"].map((path) =>
      nothingAt(path, { method: "GET", headers: { ...UPGRADE, ...hello } }),
    ),
  ),
);

const EXPLORERS = ["/cdn-cgi/explorer/api", "/cdn-cgi/local/explorer", "/core/do-storage", "/clock"];

const explorers: Check = all(
  ...EXPLORERS.flatMap((path) => [nothingAt(path, { method: "GET" }), nothingAt(path, {})]),
);

/** On the way there may be a front of Cloudflare's that refuses a strange name in its own words. */
const foreignHost: Check = nothingAt(HEALTH, { headers: { host: "evil.example" } });

const encrypted: Check = async ({ url }) => {
  const got = await probe(url, HEALTH);
  if (got.tls === null || !["TLSv1.2", "TLSv1.3"].includes(got.tls)) return `the connection is ${got.tls}`;
  const hsts = /^max-age=(\d+)/.exec(got.headers["strict-transport-security"] ?? "")?.[1];
  return Number(hsts) >= 31_536_000 ? undefined : "no strict-transport-security of a year or more";
};

const plainHttp: Check = async ({ url }) => {
  const origin = url.replace(/^https:/, "http:");
  const got = await probe(url, HEALTH, { origin }).catch(() => undefined);
  if (!got || got.status >= 300) return undefined;
  return "it answers without encryption: turn on Always Use HTTPS for the zone";
};

export const CHECKS: Readonly<Record<string, Check>> = {
  "is there": health,
  "is the one": identity,
  "has the time": clock,
  "fixed headers": headers,
  "POST only": all(
    ...["GET", "PUT", "DELETE", "PATCH"].map((method) => refused("method", { method })),
    nothingAt(HEALTH, { method: "OPTIONS" }),
  ),
  "its own type": all(
    refused("type", { headers: { "content-type": "application/json" } }),
    refused("type", { headers: { "content-type": "text/plain" } }),
  ),
  "its version": refused("version", { headers: { "JC-Version": "2" } }),
  "known paths": all(refused("not-found", {}, "/"), refused("not-found", {}, "/v1/none")),
  "foreign host": foreignHost,
  "foreign page": all(
    refused("origin", { headers: { origin: "https://evil.example" } }),
    refused("origin", { headers: { origin: "null" } }),
    refused("origin", { headers: { "sec-fetch-site": "cross-site" } }),
  ),
  "no CORS": noCors,
  "no cookies": noCookies,
  strangers,
  silence,
  sizes,
  sockets,
  "no data explorer": explorers,
};

/** Where the address is `https`. */
export const ENCRYPTED_CHECKS: Readonly<Record<string, Check>> = { encrypted, "no plain http": plainHttp };
