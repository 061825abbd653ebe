import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { base64url, fromBase64url, fromUtf8, utf8 } from "@jcfetch/shared/crypto/encoding";
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Finished, ROOT, run } from "../../tools/lib/process.ts";
import { CHECKS, ENCRYPTED_CHECKS } from "../../tools/smoke/checks.ts";
import { sampleBody } from "../../tools/smoke/sample.ts";
import { type Asked, type Doctor, type Front, startFront, type Told } from "../support/front.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

/** The bundle that is deployed, with a deployed broker's settings, behind something that speaks TLS. */
let world: TestWorld;
let front: Front;
let url: string;
const folder = mkdtempSync(join(tmpdir(), "jcfetch-smoke-"));
beforeAll(async () => {
  front = await startFront();
  url = `https://localhost:${front.port}`;
  world = await startWorld({ settings: { LOCAL: "", ALLOWED_HOSTS: `localhost:${front.port}` } });
  front.backend = world.broker.url;
  writeFileSync(join(folder, "ca.pem"), front.cert);
  setDefaultCACertificates([...getCACertificates(), front.cert]);
});
afterEach(() => {
  front.doctor = undefined;
  front.plain = false;
});
afterAll(async () => {
  front.close();
  rmSync(folder, { recursive: true, force: true });
  await world[Symbol.asyncDispose]();
});

const ALL = { ...CHECKS, ...ENCRYPTED_CHECKS };
const smoke = (...args: string[]): Promise<Finished> =>
  run(process.execPath, [join(ROOT, "tools/smoke.ts"), ...args], {
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
  });

describe("npm run smoke", () => {
  it("[HT4] [HT5] [HT9] [HT12] finds nothing wrong with the bundle that is deployed", async () => {
    const { code, output } = await smoke(url, world.broker.bid);
    expect(output).toContain(`${Object.keys(ALL).length} good, 0 wrong`);
    expect(code).toBe(0);
  });

  it("says which broker it met when it was not told which it should be", async () => {
    const { code, output } = await smoke(url);
    expect(output).toContain(`broker id, as it says itself: ${world.broker.bid}`);
    expect(code).toBe(0);
  });

  it("ends with its own count where nobody answers", async () => {
    const { code, output } = await smoke("http://127.0.0.1:1");
    expect(output).toContain("broker id, as it says itself: none");
    expect(output).toMatch(/\n0 good, \d+ wrong\n$/);
    expect(code).toBe(1);
  });

  it("ends with a failure when another broker answers, and names it", async () => {
    const { code, output } = await smoke(url, "A".repeat(43));
    expect(output).toMatch(new RegExp(`is the one +WRONG +another broker answers: ${world.broker.bid}`));
    expect(code).toBe(1);
  });

  it("trusts no certificate that nobody vouches for", async () => {
    const { code, output } = await run(process.execPath, [join(ROOT, "tools/smoke.ts"), url]);
    expect(output).toContain("no answer: self-signed certificate");
    expect(code).toBe(1);
  });

  it.each([[], ["broker.acme.example"], ["https://broker.acme.example/v1"], ["ftp://broker.acme.example"]])(
    "says how it is used when it is given %s",
    async (...args) => {
      const { code, output } = await smoke(...args);
      expect([code, output]).toEqual([2, expect.stringContaining("npm run smoke --")]);
    },
  );

  it("has a body for every endpoint that only the caller is wrong about", () => {
    for (const [name, { request }] of Object.entries(ENDPOINTS)) {
      expect(v.is(request, sampleBody(name as keyof typeof ENDPOINTS)), name).toBe(true);
    }
  });
});

// ── A broker of which each check's word is not true ───────────────────────────────────────────────────────────────

const answer = (told: Told, status: number, body = "{}"): void => {
  told.status = status;
  told.headers["content-type"] = "application/jc+json";
  told.body = body;
};
const letThrough =
  (which: (asked: Asked) => boolean): Doctor =>
  (asked, told) => {
    if (which(asked)) answer(told, 200);
  };
const withHeader =
  (name: string, value: string | undefined, path?: string): Doctor =>
  (asked, { headers }) => {
    if (path !== undefined && asked.path !== path) return;
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  };
const withCode =
  (path: string, code: string): Doctor =>
  (asked, told) => {
    if (asked.path === path) told.body = JSON.stringify({ ...JSON.parse(told.body), code });
  };
/** A keyset with one claim changed, under the old signature. */
const withClaim =
  (change: (claims: Record<string, unknown>) => object): Doctor =>
  ({ path }, told) => {
    if (path !== "/v1/keys") return;
    const [head, claims, signature] = (JSON.parse(told.body) as { keyset: string }).keyset.split(".");
    const parsed = JSON.parse(fromUtf8(fromBase64url(claims!)!)) as Record<string, unknown>;
    const changed = base64url(utf8(JSON.stringify({ ...parsed, ...change(parsed) })));
    told.body = JSON.stringify({ keyset: `${head}.${changed}.${signature}` });
  };
const header = (name: string) => (asked: Asked) => asked.headers[name] !== undefined;

const FIXED = [
  "cache-control",
  "content-security-policy",
  "x-content-type-options",
  "cross-origin-resource-policy",
  "referrer-policy",
];

const WRONG: Record<string, readonly Doctor[]> = {
  "is there": [
    letThrough(({ path }) => path === "/v1/health"),
    (_, told) => answer(told, 503),
    withHeader("content-type", "text/html"),
  ],
  "is the one": [withClaim(() => ({ minv: 1, maxv: 2 })), letThrough(({ path }) => path === "/v1/keys")],
  "has the time": [
    withClaim(({ time }) => ({ time: (time as number) - 61 })),
    withClaim(() => ({ epochs: [] })),
    letThrough(({ path }) => path === "/v1/keys"),
  ],
  "fixed headers": FIXED.flatMap((name) => [
    withHeader(name, undefined),
    withHeader(name, "other", "/v1/devices"),
  ]),
  "POST only": ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"].map((method) =>
    letThrough((asked) => asked.method === method),
  ),
  "its own type": ["application/json", "text/plain"].map((type) =>
    letThrough(({ headers }) => headers["content-type"] === type),
  ),
  "its version": [letThrough(({ headers }) => headers["jc-version"] === "2")],
  "known paths": ["/", "/v1/none"].map((path) => letThrough((asked) => asked.path === path)),
  "foreign host": [letThrough(({ headers }) => headers.host === "evil.example")],
  "foreign page": [
    letThrough(({ headers }) => headers.origin === "https://evil.example"),
    letThrough(({ headers }) => headers.origin === "null"),
    letThrough(header("sec-fetch-site")),
  ],
  "no CORS": [
    withHeader("access-control-allow-origin", "*"),
    letThrough(({ method }) => method === "OPTIONS"),
    letThrough(header("origin")),
  ],
  "no cookies": ["/v1/health", "/v1/devices", "/"].map((path) => withHeader("set-cookie", "a=b", path)),
  strangers: [
    ...Object.values(ENDPOINTS)
      .filter(({ path }) => path !== "/v1/health" && path !== "/v1/keys")
      .map(({ path }) => letThrough((asked) => asked.path === path)),
    withCode("/v1/devices", "revoked"),
    withCode("/v1/credentials", "policy"),
  ],
  silence: [
    (asked, told) => {
      told.body += asked.body;
    },
    (asked, told) => {
      told.body += asked.path;
    },
    (asked, told) => {
      told.body += String(asked.headers["jc-proof"]);
    },
  ],
  sizes: [
    letThrough(({ body }) => body.length > 16_384),
    (asked, told) => {
      if (asked.body.length === 16_384) answer(told, 413);
    },
  ],
  sockets: ["/v1/socket", "/v1/health", "/"].flatMap((path) =>
    [true, false].map(
      (withHello): Doctor =>
        (asked, told) => {
          if (!header("upgrade")(asked) || asked.path !== path) return;
          if (header("sec-websocket-protocol")(asked) !== withHello) return;
          told.status = 101;
          told.headers = { connection: "Upgrade", upgrade: "websocket" };
          told.body = "";
        },
    ),
  ),
  "no data explorer": [
    "/cdn-cgi/explorer/api",
    "/cdn-cgi/local/explorer",
    "/core/do-storage",
    "/clock",
  ].flatMap((path) =>
    ["GET", "POST"].map((method) => letThrough((asked) => asked.path === path && asked.method === method)),
  ),
  encrypted: [
    withHeader("strict-transport-security", undefined),
    withHeader("strict-transport-security", "max-age=60"),
  ],
};

describe("a check that is shown what it looks for", () => {
  it("is each of them but the one about plain http, which follows", () => {
    expect([...Object.keys(WRONG), "no plain http"].sort()).toEqual(Object.keys(ALL).sort());
  });

  it.each(
    Object.entries(WRONG).flatMap(([name, doctors]) =>
      doctors.map((doctor, i) => [name, i, doctor] as const),
    ),
  )("%s sees it (%i)", async (name, _, doctor) => {
    const target = { url, bid: world.broker.bid };
    expect(await ALL[name]!(target)).toBeUndefined();
    front.doctor = doctor;
    expect(await ALL[name]!(target)).toEqual(expect.any(String));
  });

  it("no plain http sees it", async () => {
    expect(await ALL["no plain http"]!({ url })).toBeUndefined();
    front.plain = true;
    expect(await ALL["no plain http"]!({ url })).toContain("Always Use HTTPS");
  });
});
