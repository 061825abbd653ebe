import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { vaultOf } from "../support/databases.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";
import { count, measured, scale } from "./scale.ts";

/** Whoever asks at the same time for the same role costs AWS one call, and gets an answer that only it can open. */
let world: TestWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world?.[Symbol.asyncDispose]());

/** Fewer than there are requests: a user may have 256. */
const MAX_DEVICES = 100;

async function devicesOfOneUser(n: number): Promise<PairedDevice[]> {
  const user = await world.enrolledUser();
  const devices: PairedDevice[] = [];
  for (let i = 0; i < Math.min(n, MAX_DEVICES); i++) devices.push(await world.pairedDevice({ user }));
  return devices;
}

/** Until every one of the requests has its intent on disk, and so waits for a call that is held. */
async function allIntended(device: PairedDevice, n: number): Promise<void> {
  for (;;) {
    const { audit } = await vaultOf(world.broker, device.did);
    if (audit!.filter(({ act }) => act === "fetch").length === n) return;
  }
}

/** Ask for these at one time. @returns the access key ids, and every sealed answer as it was sent. */
async function askTogether(devices: PairedDevice[], wants: (typeof S3_ADMIN)[]) {
  world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
  const asked = wants.map((want, i) => devices[i % devices.length]!.credentials(want));
  await allIntended(devices[0]!, wants.length);
  world.sim.faults.clear();
  const answers = await Promise.all(asked);
  const keys = answers.map((answer) => (answer.ok ? answer.value.accessKeyId : answer.error.code));
  const sealed = devices
    .flatMap(({ received }) => received)
    .filter((text) => text.includes('"signature"'))
    .map((text) => (JSON.parse(text) as { box: { c: string } }).box.c);
  return { keys, sealed };
}

const ALL_AT_ONCE = [1, 10, 200, 1_000].filter((n) => n <= scale(10, 1_000));

describe("many requests at one time", () => {
  it.each(ALL_AT_ONCE)("D-2: %i for one role make one call to AWS", async (n) => {
    const { keys, sealed } = await askTogether(await devicesOfOneUser(n), Array(n).fill(S3_ADMIN));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^ASIA/);
    expect(world.sim.calls("GetRoleCredentials")).toBe(1);
    expect(sealed.length).toBe(n);
    expect(new Set(sealed).size).toBe(n);
    expect(world.broker.log()).not.toContain('"status":5');
  });

  it("D-2: fifty roles, asked for by many at one time, make one call each", async (test) => {
    const ROLES = 50;
    const each = scale(1, 20);
    const roles = world.sim.world
      .directory("acme")
      .accountsOf("ana")
      .flatMap((account) => account.roles.map(({ name }) => ({ account: account.id, role: name })))
      .slice(0, ROLES) as (typeof S3_ADMIN)[];
    expect(new Set(roles.map((want) => JSON.stringify(want))).size).toBe(ROLES);
    const wants = Array.from({ length: each }, () => roles).flat();
    const { keys, sealed } = await askTogether(await devicesOfOneUser(wants.length), wants);
    // The same role has the same answer, another one another.
    expect(new Set(keys).size).toBe(ROLES);
    expect(keys.every((key, i) => key === keys[i % ROLES])).toBe(true);
    expect(world.sim.calls("GetRoleCredentials")).toBe(ROLES);
    expect(new Set(sealed).size).toBe(wants.length);
    measured(test, `${count(wants.length)} requests, ${ROLES} calls`);
  });
});
