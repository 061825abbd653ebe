import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vaultOf } from "../support/databases.ts";
import { type PairedDevice, READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const TOGETHER = 200;

describe("many requests at one time", () => {
  it("[CR2] [RS1] 200 for one role make one call to AWS, and each has an answer of its own", async () => {
    const user = await world.enrolledUser();
    const devices: PairedDevice[] = [];
    for (let i = 0; i < 4; i++) devices.push(await world.pairedDevice({ user }));
    const before = world.sim.calls("GetRoleCredentials");
    const logged = world.broker.log().length;

    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
    const asked = Array.from({ length: TOGETHER }, (_, i) => devices[i % 4]!.credentials(S3_ADMIN));
    await world.sim.faults.waiting("GetRoleCredentials");
    await allIntended(world, devices[0]!, TOGETHER);
    expect(world.sim.calls("GetRoleCredentials") - before).toBe(1);
    world.sim.faults.clear();

    const answers = await Promise.all(asked);
    const keys = new Set(answers.map((answer) => (answer.ok ? answer.value.accessKeyId : answer.error.code)));
    expect(keys.size).toBe(1);
    expect([...keys][0]).toMatch(/^ASIA/);
    expect(world.sim.calls("GetRoleCredentials") - before).toBe(1);
    const sealed = devices.flatMap(({ received }) => received.filter((text) => text.includes('"signature"')));
    expect(sealed.length).toBe(TOGETHER);
    expect(new Set(sealed.map((text) => (JSON.parse(text) as { box: { c: string } }).box.c)).size).toBe(
      TOGETHER,
    );
    expect(world.broker.log().slice(logged)).not.toContain('"status":5');
  });

  it("[CR2] for two roles make two calls, and one that fails fails for those who waited with it only", async () => {
    const user = await world.enrolledUser();
    const device = await world.pairedDevice({ user });
    const before = world.sim.calls("GetRoleCredentials");
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "forbidden", times: 1 });
    const first = await device.credentials(S3_ADMIN);
    const second = await Promise.all([device.credentials(S3_ADMIN), device.credentials(READ_ONLY)]);
    expect(first).toMatchObject({ ok: false, error: { code: "role-not-assigned" } });
    expect(second.map(({ ok }) => ok)).toEqual([true, true]);
    expect(world.sim.calls("GetRoleCredentials") - before).toBe(3);
  });

  it("[CR2] of two users are never one: each has the credentials of its own token", async () => {
    const devices = [await world.pairedDevice(), await world.pairedDevice()];
    const before = world.sim.calls("GetRoleCredentials");
    const answers = await Promise.all(devices.map((device) => device.credentials(S3_ADMIN)));
    const keys = answers.map((answer) => (answer.ok ? answer.value.accessKeyId : answer.error.code));
    expect(new Set(keys).size).toBe(2);
    expect(world.sim.calls("GetRoleCredentials") - before).toBe(2);
  });
});

/** Until every one of the requests has its intent on disk, and so waits for the one call. */
async function allIntended({ broker }: TestWorld, { did }: PairedDevice, count: number): Promise<void> {
  for (;;) {
    const { audit } = await vaultOf(broker, did);
    if (audit!.filter(({ act }) => act === "fetch").length === count) return;
  }
}
