import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOTHING_SEEN, type Seen } from "@jcfetch/shared/device-line";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDevice } from "../support/clients.ts";
import { vaultOf } from "../support/databases.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const codeOf = async (device: Pick<PairedDevice, "credentials">): Promise<string> => {
  const answer = await device.credentials(S3_ADMIN);
  return answer.ok ? "ok" : answer.error.code;
};

/** Somebody who has copied the device's folder: its keys, and what it has seen. Counters are the thief's own, far ahead. */
async function cloneOf(at: TestWorld, device: PairedDevice) {
  const copy = await openTestDevice(device, device.grant, at.at);
  for (let i = 0; i < 40; i++) await copy.nextCounter();
  await copy.remembered.saveSeen(await device.remembered.loadSeen(), NOTHING_SEEN);
  return copy;
}

const rowOf = async (device: PairedDevice) =>
  (await vaultOf(world.broker, device.did)).devices!.find(({ did }) => did === device.did)!;

describe("a device and a copy of it", () => {
  it("[JS2] are both locked when the one that was overtaken comes back after two minutes", async () => {
    const device = await world.pairedDevice();
    expect(await codeOf(device)).toBe("ok");
    const thief = await cloneOf(world, device);
    // Each has a child of the same state; the first to present its own supersedes the other's.
    expect(await codeOf(thief)).toBe("ok");
    for (let i = 0; i < 80; i++) await device.nextCounter();
    expect(await codeOf(device)).toBe("ok");
    expect(await codeOf(device)).toBe("ok");
    await world.advance(122);
    for (let i = 0; i < 80; i++) await thief.nextCounter();
    expect(await codeOf(thief)).toBe("fork");
    for (let i = 0; i < 80; i++) await device.nextCounter();
    expect(await codeOf(device)).toBe("fork");

    const { json } = await device.user.extension.send("/v1/devices");
    expect(json.devices).toMatchObject([{ did: device.did, forked: true, envelopeExpiresAt: null }]);
    const { audit } = await vaultOf(world.broker, device.did);
    expect(audit!.at(-1)).toMatchObject({ act: "fork", did: device.did });
  });

  it("[JS2] stay locked when the user signs a newer list or the same grant again", async () => {
    const device = await world.pairedDevice();
    const { json } = await device.send("/v1/audit", { grant: device.grant, after: 0, limit: 1 }, { n: 5 });
    expect(json.code).toBe("fork");
    const revocations = await device.user.extension.authority.signRevocations({
      ...{ rl: 1, dids: [], locked: [], lock: false },
    });
    await device.user.extension.send("/v1/revocations", { revocations });
    await device.user.extension.send("/v1/grants", { grant: device.grant });
    expect(await codeOf(device)).toBe("fork");
    expect(await codeOf(await world.pairedDevice({ user: device.user }))).toBe("ok");
  });

  it("[JS2] a number that this broker never gave locks at once: whoever sends it has not the device's folder", async () => {
    const device = await world.pairedDevice();
    expect(await codeOf(device)).toBe("ok");
    const { n } = await device.remembered.loadSeen();
    const guess = await device.send("/v1/envelope", { grant: device.grant }, { n: n + 1 });
    expect(guess.code).toBe("fork");
    expect((await rowOf(device)).forked_at).not.toBeNull();
  });

  it("[JS2] a message that is held back and sent again is a replay, and locks nobody", async () => {
    const device = await world.pairedDevice();
    const body = JSON.stringify({ grant: device.grant });
    const headers = await device.prove("/v1/envelope", body);
    const once = await fetch(`${world.broker.url}/v1/envelope`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/jc+json", "jc-version": "1" },
      body,
    });
    expect(once.status).toBe(200);
    for (let i = 0; i < 3; i++) expect(await codeOf(device)).toBe("ok");
    const again = await fetch(`${world.broker.url}/v1/envelope`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/jc+json", "jc-version": "1" },
      body,
    });
    expect(again.status).toBe(409);
    expect(await codeOf(device)).toBe("ok");
  });
});

describe("one device alone", () => {
  it("[JS3] is not locked by answers that are lost, in parallel or one at a time", async () => {
    const device = await world.pairedDevice();
    /** As if the program had ended before it could write down what it got. */
    const forgetting = async (): Promise<string> => {
      const before: Seen = await device.remembered.loadSeen();
      const code = await codeOf(device);
      device.remembered.restore(before);
      return code;
    };
    for (let round = 0; round < 4; round++) {
      expect(await forgetting()).toBe("ok");
      await world.advance(125);
      expect(await Promise.all(Array.from({ length: 8 }, () => codeOf(device)))).toEqual(Array(8).fill("ok"));
      await world.advance(125);
      expect(await codeOf(device)).toBe("ok");
    }
  });
});

describe("a program that was stopped in the middle", () => {
  it("[JS3] is not taken for a copy when it goes on, after others of its device have", async () => {
    const device = await world.pairedDevice();
    let stop = async (): Promise<void> => undefined;
    const slow = await openTestDevice(device, device.grant, world.at, {
      nextCounter: device.nextCounter,
      ...device.remembered,
      fetch: async (...request) => {
        const response = await fetch(...request);
        if (String(request[0]).endsWith("/v1/envelope")) await stop();
        return response;
      },
    });
    expect(await codeOf(device)).toBe("ok");
    /** As with Ctrl-Z, or a computer that sleeps: the others had time, and this one has none of it. */
    stop = async () => {
      stop = async () => undefined;
      for (let i = 0; i < 2; i++) expect(await codeOf(device)).toBe("ok");
      await world.advance(90);
    };
    expect(await codeOf(slow)).toBe("ok");
    expect(await codeOf(device)).toBe("ok");
  });

  it("[JS3] nor where its clock is ahead, so that its proof is good for two minutes", async () => {
    const device = await world.pairedDevice();
    let stop = async (): Promise<void> => undefined;
    const ahead = await openTestDevice(
      device,
      device.grant,
      { ...world.at, now: () => world.now() + 59_000 },
      {
        nextCounter: device.nextCounter,
        ...device.remembered,
        fetch: async (...request) => {
          await stop();
          return fetch(...request);
        },
      },
    );
    expect(await codeOf(device)).toBe("ok");
    stop = async () => {
      stop = async () => undefined;
      for (let i = 0; i < 2; i++) expect(await codeOf(device)).toBe("ok");
      await world.advance(110);
    };
    expect(await ahead.device.session()).toMatchObject({ ok: true });
    expect(await codeOf(device)).toBe("ok");
  });
});

describe("a broker whose storage was set back", () => {
  /** Stop it, put its databases back to where they were, start it again. */
  async function setBack(at: TestWorld, saved: string): Promise<void> {
    await at.broker.kill();
    await rm(at.broker.objectsDir, { recursive: true });
    await cp(saved, at.broker.objectsDir, { recursive: true });
    await at.broker.restart();
  }

  it("[JS5] is told by its devices, serves nobody, and goes on when the user says so", async () => {
    await using own = await startWorld({ clock: "movable" });
    const saved = await mkdtemp(join(tmpdir(), "jcfetch-set-back-"));
    try {
      const user = await own.enrolledUser();
      const [device, other] = [await own.pairedDevice({ user }), await own.pairedDevice({ user })];
      expect([await codeOf(device), await codeOf(other)]).toEqual(["ok", "ok"]);
      await own.broker.kill();
      await cp(own.broker.objectsDir, saved, { recursive: true });
      await own.broker.restart();
      for (let i = 0; i < 5; i++) expect([await codeOf(device), await codeOf(other)]).toEqual(["ok", "ok"]);
      await setBack(own, saved);

      expect(await codeOf(device)).toBe("state-regressed");
      expect(await codeOf(other)).toBe("state-regressed");
      for (let i = 0; i < 80; i++) await user.extension.nextCounter();
      expect((await user.extension.send("/v1/devices")).json.regressed).toBe(true);

      const list = { rl: 1, dids: [], locked: [], lock: false };
      const revocations = await user.extension.authority.signRevocations(list);
      expect((await user.extension.send("/v1/revocations", { revocations })).status).toBe(200);
      expect((await user.extension.send("/v1/devices")).json.regressed).toBe(false);
      for (let i = 0; i < 3; i++) expect([await codeOf(device), await codeOf(other)]).toEqual(["ok", "ok"]);
      const { devices } = await vaultOf(own.broker, device.did);
      expect(devices!.map(({ adopts }) => adopts)).toEqual([0, 0]);
    } finally {
      await rm(saved, { recursive: true, force: true });
    }
  });
});
