import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDatabases, type Tables, vaultOf } from "../support/databases.ts";
import { type PairedDevice, startWorld, type TestUser, type TestWorld } from "../support/world.ts";

/** What a vault keeps ends by itself, also for a user who never comes back. */
let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const AUDIT_DAYS = 90;
const AUDIT_ROWS = 50_000;
const DAY_SECONDS = 86_400;

/** Read what the broker has on disk until it is as it should be. A copy may miss what goes while it is made: look again. */
async function eventually(read: () => Promise<Tables>, isRight: (found: Tables) => boolean): Promise<Tables> {
  for (;;) {
    const found = await read().catch(() => undefined);
    if (found && isRight(found)) return found;
  }
}

const vaultFileOf = async ({ broker }: TestWorld): Promise<string> => {
  const folder = join(broker.objectsDir, "jcfetch-vault");
  const files = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  expect(files.length).toBe(1);
  return join(folder, files[0]!);
};

const devicesOf = async ({ extension }: TestUser): Promise<unknown[]> =>
  (await extension.send("/v1/devices")).json.devices as unknown[];

describe("the row of a device", () => {
  it("[EV8] goes with its envelope when its grant has ended, though nobody asks", async () => {
    const user = await world.enrolledUser();
    const kept = await world.pairedDevice({ user });
    const ended = await world.pairedDevice({ user, expiresInSeconds: 6 });
    expect((await devicesOf(user)).length).toBe(2);
    const left = await eventually(
      () => vaultOf(world.broker, kept.did),
      ({ devices }) => devices!.every(({ did }) => did !== ended.did),
    );
    expect(left.devices!.map(({ did }) => did)).toEqual([kept.did]);
    expect(left.envelopes!.map(({ did }) => did)).toEqual([kept.did]);
  });
});

describe("the audit", () => {
  it("[AU1] of a user who does nothing more is gone after ninety days", async () => {
    await using quiet = await startWorld({ clock: "movable" });
    const almost = AUDIT_DAYS * DAY_SECONDS - 6;
    await quiet.advance(-almost);
    await quiet.enrolledUser();
    const vault = async (): Promise<Tables> => (await readDatabases(quiet.broker, "vault"))[0]!;
    await eventually(vault, ({ audit }) => audit!.length === 1);
    await quiet.advance(almost);
    await eventually(vault, ({ audit }) => audit!.length === 0);
  });

  it("[AU1] keeps the newest rows of a user who does very much", async () => {
    await using busy = await startWorld();
    const device = await busy.pairedDevice();
    await busy.broker.kill();
    const database = new DatabaseSync(await vaultFileOf(busy));
    try {
      const at = Math.floor(busy.now() / 1_000);
      database
        .prepare(
          `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
           INSERT INTO audit (at, act) SELECT ?, 'drop' FROM n`,
        )
        .run(AUDIT_ROWS, at);
    } finally {
      database.close();
    }
    await busy.broker.restart();
    expect((await device.user.extension.send("/v1/envelopes/drop")).status).toBe(200);
    const { audit } = await vaultOf(busy.broker, device.did);
    expect(audit!.length).toBe(AUDIT_ROWS);
    expect(audit!.some(({ act }) => act === "enrol")).toBe(false);
  });
});

describe("signing off", () => {
  it("[RV3] works for a device that has asked too often this minute", async () => {
    const device: PairedDevice = await world.pairedDevice({ policy: { maxPerMinute: 1 } });
    const take = () => device.send("/v1/envelope", { grant: device.grant });
    expect([(await take()).status, (await take()).code]).toEqual([200, "rate"]);
    expect((await device.send("/v1/leave", { grant: device.grant })).status).toBe(200);
  });
});
