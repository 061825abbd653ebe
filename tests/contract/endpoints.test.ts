import { COMMON_ERRORS, ENDPOINTS, type Endpoint, PROOF_ERRORS } from "@jcfetch/shared/protocol/endpoints";
import { WIRE_ERRORS, type WireErrorCode } from "@jcfetch/shared/protocol/errors";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawAnswer } from "../support/clients.ts";
import { CASES, type EndpointName } from "../support/endpoint-cases.ts";
import { rawRequest } from "../support/raw-http.ts";
import { ask } from "../support/senders.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

/** The treaty held against the running broker: every endpoint, every refusal it declares. */
const NAMES = Object.keys(ENDPOINTS) as EndpointName[];

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const Problem = v.strictObject({
  type: v.pipe(v.string(), v.url()),
  title: v.string(),
  status: v.number(),
  code: v.string(),
  trace: v.pipe(v.string(), v.regex(/^[\w-]{12}$/)),
  retryAfter: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

function expectRefusal(answer: RawAnswer, code: WireErrorCode): void {
  expect(answer).toMatchObject({ code, status: WIRE_ERRORS[code].status });
  const problem = v.parse(Problem, answer.json);
  expect(problem).toMatchObject({ code, status: answer.status, title: WIRE_ERRORS[code].title });
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const waits = ["rate", "upstream-throttled", "pairing-limit"].includes(code);
  expect(problem.retryAfter !== undefined).toBe(waits);
  expect(answer.headers.get("retry-after")).toBe(waits ? String(problem.retryAfter) : null);
}

function expectHeaders(answer: RawAnswer): void {
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
  });
  const names = [...answer.headers.keys()];
  expect(names.filter((name) => name === "set-cookie" || name.startsWith("access-control-"))).toEqual([]);
}

/** Refusals that no endpoint's own body or state brings about; `internal` and `not-found` have tests of their own. */
const common: Partial<Record<WireErrorCode, (path: string) => Promise<RawAnswer>>> = {
  "bad-request": (path) => rawRequest(world.broker.url, path, { body: JSON.stringify({ unheardOf: 1 }) }),
  host: (path) => rawRequest(world.broker.url, path, { headers: { host: "broker.example.org" } }),
  origin: (path) => rawRequest(world.broker.url, path, { headers: { origin: "https://acme.awsapps.com" } }),
  type: (path) => rawRequest(world.broker.url, path, { headers: { "content-type": "application/json" } }),
  "too-large": (path) => rawRequest(world.broker.url, path, { body: "x".repeat(16_385) }),
  version: (path) => rawRequest(world.broker.url, path, { headers: { "jc-version": "2" } }),
  method: (path) => rawRequest(world.broker.url, path, { method: "GET" }),
};

describe("every code of the treaty", () => {
  it("[HT8] is declared by some endpoint, and each declaration has a case", () => {
    const declared = new Set<WireErrorCode>([...COMMON_ERRORS, ...PROOF_ERRORS]);
    for (const name of NAMES) {
      const { errors } = ENDPOINTS[name];
      for (const code of errors) declared.add(code);
      expect(Object.keys(CASES[name].refusals).sort(), name).toEqual([...errors].sort());
    }
    expect([...declared].sort()).toEqual(Object.keys(WIRE_ERRORS).sort());
    expect([...Object.keys(common), "internal", "not-found"].sort()).toEqual([...COMMON_ERRORS].sort());
  });
});

describe.each(NAMES)("%s", (name) => {
  const endpoint: Endpoint = ENDPOINTS[name];

  it("[HT9] answers a good request as the treaty says, under the fixed headers", async () => {
    const answer = await ask(await CASES[name].sender(world));
    expect(answer.status, answer.text).toBe(200);
    expect(v.safeParse(endpoint.response, answer.json).success).toBe(true);
    expect(answer.headers.get("content-type")).toBe("application/jc+json");
    expectHeaders(answer);
  });

  it.each(Object.keys(common) as WireErrorCode[])("[HT8] refuses with %s", async (code) => {
    const answer = await common[code]!(endpoint.path);
    expectRefusal(answer, code);
    expectHeaders(answer);
  });

  it.each(Object.keys(CASES[name].refusals) as WireErrorCode[])(
    "[HT8] refuses with its own %s",
    async (code) => {
      const answer = await CASES[name].refusals[code]!(world);
      expectRefusal(answer, code);
      expectHeaders(answer);
    },
  );
});

describe.each(NAMES.filter((name) => ENDPOINTS[name].caller !== "anyone"))("the proof of %s", (name) => {
  it("[PF1] [PF2] knows nobody without the right proof", async () => {
    const sender = await CASES[name].sender(world);
    const body = await sender.body();
    const wrongs = [
      { p: "/v1/other" },
      { bid: "B".repeat(43) },
      { bd: "B".repeat(43) },
      { ctr: 0 },
      { more: 1 },
    ];
    for (const wrong of wrongs) expectRefusal(await sender.send(body, wrong), "unknown");
    expectRefusal(await sender.send(body, {}, { "jc-proof": "a.b.c" }), "unknown");
    expectRefusal(await sender.send(body, {}, { "jc-user": "a".repeat(26) }), "unknown");
  });

  it("[PF3] refuses a clock that is off by more than a minute", async () => {
    const sender = await CASES[name].sender(world);
    const now = Math.floor(world.now() / 1_000);
    for (const iat of [now - 62, now + 62]) {
      expectRefusal(await sender.send(await sender.body(), { iat }), "clock-skew");
    }
    expect((await sender.send(await sender.body(), { iat: now - 55 })).status).toBe(200);
  });

  it("[PF5] takes a counter once", async () => {
    const sender = await CASES[name].sender(world);
    expect((await sender.send(await sender.body(), { ctr: 1_000 })).status).toBe(200);
    // A device that has left is gone before its counter is looked at.
    const second = await sender.send(await sender.body(), { ctr: 1_000 });
    expectRefusal(second, name === "leave" ? "revoked" : "replay");
    const early = await sender.send(await sender.body(), { ctr: 1_000 - 64 });
    expectRefusal(early, name === "leave" ? "revoked" : "replay");
  });
});
