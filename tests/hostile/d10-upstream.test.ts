import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../sim/start.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";
import { count, inParallel, isFull, measured, scale } from "./scale.ts";

/*
 * AWS fails in every way there is. Each failure has its code, nothing of a broken answer gets through, nothing is fetched
 * from elsewhere, and AWS is left alone when it has failed for a while.
 */
let world: TestWorld;
let devices: PairedDevice[];
beforeAll(async () => {
  world = await startWorld();
  devices = [];
  await inParallel(TIMES, 4, async () => {
    devices.push(await world.pairedDevice({ policy: { maxPerMinute: 600 } }));
  });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const TIMES = scale(6, 100);
const OPERATION = "GetRoleCredentials";

/** Each way to fail, and what the device is told. */
const FAULTS: Record<string, { fault: Omit<Fault, "operation">; code: string; retryAfterSeconds?: number }> =
  {
    "429 without Retry-After": {
      fault: { kind: "throttle" },
      code: "upstream-throttled",
      retryAfterSeconds: 2,
    },
    "429 with Retry-After": {
      fault: { kind: "throttle", retryAfterSeconds: 7 },
      code: "upstream-throttled",
      retryAfterSeconds: 7,
    },
    "401": { fault: { kind: "unauthorized" }, code: "sso-expired" },
    "403": { fault: { kind: "forbidden" }, code: "role-not-assigned" },
    "500": { fault: { kind: "error", status: 500 }, code: "upstream" },
    "503": { fault: { kind: "error", status: 503 }, code: "upstream" },
    "a hang": { fault: { kind: "hang" }, code: "upstream" },
    "a slow drip": { fault: { kind: "trickle" }, code: "upstream" },
    "a body of 10 MB": { fault: { kind: "huge" }, code: "upstream" },
    "a page": { fault: { kind: "garbage" }, code: "upstream" },
    "JSON of another shape": { fault: { kind: "wrong" }, code: "upstream" },
    "a way elsewhere": { fault: { kind: "redirect" }, code: "upstream" },
    "an answer cut off": { fault: { kind: "truncated" }, code: "upstream" },
    "an expiry in the past": { fault: { kind: "past" }, code: "upstream" },
  };

/** These take as long as the broker waits, ten seconds. */
const SLOW: ReadonlySet<string> = new Set(["a hang", "a slow drip"]);
const names = Object.keys(FAULTS).filter((name) => isFull() || !SLOW.has(name));

describe("when AWS fails", () => {
  it.each(names)("D-10: %s has its code, and nothing of it gets through", async (name) => {
    const { fault, code, retryAfterSeconds } = FAULTS[name]!;
    // The breaker counts failures in a row: all begin with none.
    world.sim.faults.clear();
    await inParallel(devices.length, 8, async (i) => {
      const { user, grant } = devices[i]!;
      await world.deposit(user, grant);
      expect(await devices[i]!.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    });
    const received = devices.map((device) => device.received.length);
    const before = world.sim.calls(OPERATION);
    world.sim.faults.add({ operation: OPERATION, ...fault });
    const answers = await Promise.all(devices.map((device) => device.credentials(S3_ADMIN)));
    world.sim.faults.clear();

    for (const answer of answers) {
      expect(answer).toMatchObject({ ok: false, error: { code } });
      if (retryAfterSeconds !== undefined) expect(answer).toMatchObject({ error: { retryAfterSeconds } });
    }
    expect(world.sim.calls(OPERATION) - before).toBe(devices.length);
    expect(world.sim.world.unknownCalls).toEqual([]);
    // What came back is a refusal of constants: no piece of what AWS has sent.
    const texts = devices.flatMap((device, i) => device.received.slice(received[i]));
    expect(texts.filter((text) => text.includes('"signature"') || text.includes("NOISE"))).toEqual([]);
  });

  it("D-10: a broken answer is retried by nobody, and the next one is whole", async (test) => {
    const device = await world.pairedDevice();
    world.sim.faults.add({ operation: OPERATION, kind: "truncated", times: 1 });
    expect((await device.credentials(S3_ADMIN)).ok).toBe(false);
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    measured(test, `${count(TIMES)} times each of ${names.length} ways`);
  });
});

describe("the breaker", () => {
  it.each(["throttle", "error", "garbage", "truncated", "past"] as const)(
    "D-10: opens after three failures by %s, and lets no more than two calls a second through",
    async (kind) => {
      world.sim.faults.clear();
      const device = await world.pairedDevice();
      world.sim.faults.add({ operation: OPERATION, kind });
      const before = world.sim.calls(OPERATION);
      const startedMs = performance.now();
      const requests = scale(30, 100);
      for (let i = 0; i < requests; i++) {
        expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: false });
      }
      const seconds = (performance.now() - startedMs) / 1_000;
      const calls = world.sim.calls(OPERATION) - before;
      world.sim.faults.clear();
      // Three until it opens; then one at the end of each pause, the first of a second.
      expect(calls).toBeLessThanOrEqual(3 + Math.ceil(Math.log2(seconds + 1)) + 1);
      expect(calls).toBeLessThanOrEqual(3 + 2 * seconds);
    },
  );
});
