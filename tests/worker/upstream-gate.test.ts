import { ok } from "@jcfetch/shared/result";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CLOSED, failed, hasTripped } from "../../worker/src/broker/breaker.ts";
import { refusal } from "../../worker/src/errors.ts";
import { UpstreamGate } from "../../worker/src/vault/upstream-gate.ts";
import { vaultOf } from "../support/databases.ts";
import { READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

describe("leaving AWS alone", () => {
  it("[CR11] starts with the third failure in a row, and doubles up to 30 seconds", () => {
    let breaker = CLOSED;
    const pauses: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      breaker = failed(breaker, 1_000);
      pauses.push(hasTripped(breaker) ? breaker.openUntil - 1_000 : 0);
    }
    expect(pauses).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it("[CR11] lasts as long as AWS asked for, within reason", () => {
    const twice = failed(failed(CLOSED, 0), 0);
    expect(failed(twice, 0, 90_000).openUntil).toBe(90_000);
    expect(failed(twice, 0, 9_000_000).openUntil).toBe(300_000);
    expect(failed(twice, 0, 10).openUntil).toBe(1_000);
  });

  it("[CR11] makes at most two calls a second, whatever comes in and however AWS fails", async () => {
    const arrivals = fc.array(fc.nat({ max: 400 }), { minLength: 50, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(
        arrivals,
        fc.constantFrom("aws-failed" as const, "aws-throttled" as const),
        async (gaps, reason) => {
          let now = 0;
          const calls: number[] = [];
          const gate = new UpstreamGate(() => now);
          for (const gap of gaps) {
            now += gap;
            await gate.pass(async () => {
              calls.push(now);
              return refusal(reason);
            });
          }
          // Three find out; from then on one a second at the most.
          expect(calls.length).toBeLessThanOrEqual(3 + now / 1_000);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("[CR11] lets one request try, and all of them once it has come through", async () => {
    let now = 0;
    const gate = new UpstreamGate(() => now);
    for (let i = 0; i < 3; i += 1) await gate.pass(async () => refusal("aws-throttled", 5));
    expect(await gate.pass(async () => ok(1))).toEqual(refusal("aws-throttled", 5));
    now = 5_000;
    const trial = Promise.withResolvers<void>();
    const first = gate.pass(() => trial.promise.then(() => ok("mended")));
    expect(await gate.pass(async () => ok("too early"))).toEqual(refusal("aws-throttled", 1));
    trial.resolve();
    expect(await first).toEqual(ok("mended"));
    expect(await gate.pass(async () => ok("as ever"))).toEqual(ok("as ever"));
  });

  it("[CR11] is not for refusals that mean something", async () => {
    const gate = new UpstreamGate(() => 0);
    for (let i = 0; i < 9; i += 1) await gate.pass(async () => refusal("aws-role-refused"));
    expect(await gate.pass(async () => ok(1))).toEqual(ok(1));
  });

  it("[CR12] lets four calls run, and the others in their order", async () => {
    const gate = new UpstreamGate(() => 0);
    const started: number[] = [];
    const ends = Array.from({ length: 9 }, () => Promise.withResolvers<void>());
    const calls = ends.map(({ promise }, i) =>
      gate.pass(async () => {
        started.push(i);
        await promise;
        return i === 1 ? Promise.reject(new Error("a bug")) : ok(i);
      }),
    );
    const outcomes = Promise.allSettled(calls);
    await expect.poll(() => started).toEqual([0, 1, 2, 3]);
    for (const { resolve } of ends) resolve();
    expect((await outcomes).filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("in a real broker", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await startWorld({ clock: "movable" });
  });
  afterAll(() => world[Symbol.asyncDispose]());
  afterEach(() => world.sim.faults.clear());
  const calls = (): number => world.sim.calls("GetRoleCredentials");

  it("[CR11] leaves AWS alone after three failures, for this user only, and comes back", async () => {
    const device = await world.pairedDevice();
    const neighbor = await world.pairedDevice();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "error" });
    for (let i = 0; i < 3; i += 1) await device.credentials(S3_ADMIN);
    const before = calls();
    expect(await device.credentials(S3_ADMIN)).toMatchObject({
      error: { code: "upstream", retryAfterSeconds: 1 },
    });
    expect(calls()).toBe(before);

    world.sim.faults.clear();
    expect(await neighbor.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    await world.advance(2);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });

  it("[CR12] asks AWS for nobody who has left, and for whoever has come since", async () => {
    const device = await world.pairedDevice();
    const accounts = ["111122223333", "222233334444", "444455556666", "555566667777", "999999999999"];
    const roles = accounts.map((account) => ({ ...S3_ADMIN, account }) as typeof S3_ADMIN);
    const [left, joined] = [{ ...READ_ONLY }, roles.pop()!];
    const intents = async (): Promise<number> =>
      (await vaultOf(world.broker, device.did)).audit!.filter(({ act }) => act === "fetch").length;
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
    const before = calls();
    const held = roles.map((role) => device.credentials(role));
    await expect.poll(() => world.sim.faults.held("GetRoleCredentials")).toBe(4);
    const early = [left, joined].map((role) => device.credentials(role));
    await expect.poll(intents).toBe(6);
    await world.advance(21);
    const late = device.credentials(joined);
    await expect.poll(intents).toBe(7);
    world.sim.faults.clear();
    expect(await early[0]).toMatchObject({ error: { code: "upstream" } });
    expect(await late).toMatchObject({ ok: true });
    await Promise.all([...held, ...early]);
    expect(calls() - before).toBe(5);
  });

  it("[CR12] asks AWS for four roles at a time", async () => {
    const device = await world.pairedDevice();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
    const roles = ["111122223333", "222233334444", "444455556666", "555566667777", "999999999999"].flatMap(
      (account) => [
        { ...S3_ADMIN, account } as typeof S3_ADMIN,
        { ...READ_ONLY, account } as typeof READ_ONLY,
      ],
    );
    const answers = roles.map((role) => device.credentials(role));
    await world.sim.faults.waiting("GetRoleCredentials");
    await expect.poll(() => world.sim.faults.held("GetRoleCredentials")).toBe(4);
    world.sim.faults.clear();
    expect(await Promise.all(answers)).toHaveLength(10);
  });
});
