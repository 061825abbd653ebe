import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vaultOf } from "../support/databases.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestUser, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const revoke = async (
  { extension }: TestUser,
  list: {
    rl: number;
    dids?: readonly PairedDevice[];
    locked?: readonly PairedDevice[];
    lock?: boolean;
  },
) => {
  const [dids, locked] = [list.dids, list.locked].map((of) => (of ?? []).map(({ did }) => did));
  const revocations = await extension.authority.signRevocations({
    rl: list.rl,
    dids: dids!,
    locked: locked!,
    lock: list.lock ?? false,
  });
  return extension.send("/v1/revocations", { revocations });
};

const codeOf = async (device: PairedDevice): Promise<string> => {
  const answer = await device.credentials(S3_ADMIN);
  return answer.ok ? "ok" : answer.error.code;
};

describe("revoking", () => {
  it("[RV1] takes effect at once, for the devices on the list only, and takes their envelopes away", async () => {
    const user = await world.enrolledUser();
    const kept = await world.pairedDevice({ user });
    const removed = await world.pairedDevice({ user });
    expect((await revoke(user, { rl: 1, dids: [removed] })).status).toBe(200);
    expect([await codeOf(kept), await codeOf(removed)]).toEqual(["ok", "revoked"]);
    const { envelopes } = await vaultOf(world.broker, kept.did);
    const whole = envelopes!.filter(({ jws, outer_lock }) => jws !== null || outer_lock !== null);
    expect(whole.map(({ did }) => did)).toEqual([kept.did]);
  });

  it("[RV6] takes a list that names as many removed and locked devices as one can", async () => {
    const user = await world.enrolledUser();
    const device = await world.pairedDevice({ user });
    const named = Array<PairedDevice>(256).fill(device);
    expect((await revoke(user, { rl: 2 ** 40, dids: named, locked: named.slice(0, 64) })).status).toBe(200);
    expect(await codeOf(device)).toBe("revoked");
  });

  it("[EV9] takes no envelope for a device that is locked, alone or with all, until it is not", async () => {
    const user = await world.enrolledUser();
    const device = await world.pairedDevice({ user });
    const left = async () => {
      const { extension, token, tokenExpiresAt } = user;
      user.seq += 1;
      const done = await extension.authority.deposit(device.grant, token, tokenExpiresAt, user.seq);
      return done.ok ? "ok" : done.error.code;
    };
    await revoke(user, { rl: 1, locked: [device] });
    expect(await left()).toBe("locked");
    await revoke(user, { rl: 2, lock: true });
    expect(await left()).toBe("locked");
    await revoke(user, { rl: 3 });
    expect(await left()).toBe("ok");
    await device.send("/v1/envelope", { grant: device.grant }, { n: 5 });
    expect(await left()).toBe("fork");
    const { envelopes } = await vaultOf(world.broker, device.did);
    expect(envelopes!.filter(({ jws }) => jws !== null)).toEqual([]);
  });

  it("[RV1] takes a list only if its number is higher than that of the list before", async () => {
    const user = await world.enrolledUser();
    const device = await world.pairedDevice({ user });
    await revoke(user, { rl: 5, dids: [device] });
    for (const rl of [0, 4, 5]) expect((await revoke(user, { rl })).code).toBe("envelope-stale");
    expect(await codeOf(device)).toBe("revoked");
  });

  it("[RV1] tells every device the number, so that it notices a broker that went back", async () => {
    const user = await world.enrolledUser();
    const device = await world.pairedDevice({ user });
    await revoke(user, { rl: 7 });
    expect((await device.send("/v1/envelope", { grant: device.grant })).json.rl).toBe(7);
    expect((await user.extension.send("/v1/devices")).json.rl).toBe(7);
  });

  it("[RV2] locks every device until a later list lifts it, and ends their envelopes", async () => {
    const user = await world.enrolledUser();
    const devices = [await world.pairedDevice({ user }), await world.pairedDevice({ user })];
    await revoke(user, { rl: 1, lock: true });
    expect(await Promise.all(devices.map(codeOf))).toEqual(["locked", "locked"]);
    const { envelopes } = await vaultOf(world.broker, devices[0]!.did);
    expect(envelopes!.filter(({ jws, outer_lock }) => jws !== null || outer_lock !== null)).toEqual([]);
    await revoke(user, { rl: 2 });
    expect(await Promise.all(devices.map(codeOf))).toEqual(["sso-expired", "sso-expired"]);
    for (const { grant } of devices) await world.deposit(user, grant);
    expect(await Promise.all(devices.map(codeOf))).toEqual(["ok", "ok"]);
  });

  it("[RV2] locks single devices, and leaves the others as they are", async () => {
    const user = await world.enrolledUser();
    const [locked, free] = [await world.pairedDevice({ user }), await world.pairedDevice({ user })];
    await revoke(user, { rl: 1, locked: [locked] });
    expect([await codeOf(locked), await codeOf(free)]).toEqual(["locked", "ok"]);
    await revoke(user, { rl: 2 });
    expect(await codeOf(locked)).toBe("sso-expired");
    await world.deposit(user, locked.grant);
    expect(await codeOf(locked)).toBe("ok");
  });

  it("[RV3] a device can sign itself off, and a new grant brings it back", async () => {
    const user = await world.enrolledUser();
    const device = await world.pairedDevice({ user });
    expect(await device.device.leave()).toEqual({ ok: true, value: null });
    expect(await codeOf(device)).toBe("revoked");
    const { json } = await user.extension.send("/v1/devices");
    expect(json.devices).toMatchObject([{ did: device.did, left: true, envelopeExpiresAt: null }]);

    const again = await world.pairedDevice({ user, parts: device, name: "again" });
    for (let i = 0; i < 10; i++) await again.nextCounter(); // it is the same key, whose counter goes on
    expect(await codeOf(again)).toBe("ok");
  });

  it("[RV1] of another user's device changes nothing", async () => {
    const [mine, theirs] = [await world.enrolledUser(), await world.enrolledUser()];
    const device = await world.pairedDevice({ user: theirs });
    await revoke(mine, { rl: 1, dids: [device] });
    const list = await theirs.extension.authority.signRevocations({
      rl: 1,
      dids: [device.did],
      locked: [],
      lock: true,
    });
    expect((await mine.extension.send("/v1/revocations", { revocations: list })).code).toBe("unknown");
    expect(await codeOf(device)).toBe("ok");
  });
});
