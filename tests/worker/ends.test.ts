import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { followChain } from "@jcfetch/shared/protocol/audit";
import { readActivity } from "@jcfetch/shared/protocol/endpoints";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDatabases, type Tables, vaultFileOf, vaultOf } from "../support/databases.ts";
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

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Rows as the vault would have written them, chained by hashes of our own. */
function fillAudit(database: DatabaseSync, rows: number, at: number): void {
  const last = database.prepare("SELECT seq, h FROM audit ORDER BY seq DESC LIMIT 1").get() as {
    seq: number;
    h: string;
  };
  const insert = database.prepare("INSERT INTO audit (seq, at, act, h) VALUES (?, ?, 'drop', ?)");
  let h: Buffer = Buffer.from(last.h, "base64url");
  database.exec("BEGIN");
  for (let seq = last.seq + 1; seq <= last.seq + rows; seq++) {
    h = sha256(h, sha256(JSON.stringify([seq, at, "drop", null, null, null, null, null, null])));
    insert.run(seq, at, h.toString("base64url"));
  }
  database.exec("COMMIT");
}

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
    const database = new DatabaseSync(await vaultFileOf(busy.broker));
    try {
      fillAudit(database, AUDIT_ROWS, Math.floor(busy.now() / 1_000));
    } finally {
      database.close();
    }
    await busy.broker.restart();
    expect((await device.user.extension.send("/v1/envelopes/drop")).status).toBe(200);
    const { audit } = await vaultOf(busy.broker, device.did);
    expect(audit!.length).toBe(AUDIT_ROWS);
    expect(audit!.some(({ act }) => act === "enrol")).toBe(false);

    // What is left can still be followed, from the anchor that the pruned rows have left.
    const { json } = await device.user.extension.send("/v1/activity", { after: 0, limit: 128 });
    const page = v.parse(readActivity.response, json);
    expect(page.from.seq).toBe(Number(audit!.at(-1)!.seq) - AUDIT_ROWS);
    expect(page.lines.length).toBe(128);
    expect(await followChain(page.from, page.lines)).toBeDefined();
  });
});

describe("the audit of a user who goes on after storage was set back", () => {
  it("[AU1] [JS5] has no more gaps than there can be devices, however many one of them claims", async () => {
    const device = await world.pairedDevice();
    const { extension } = device.user;
    const claim = async (seq: number) =>
      (await device.send("/v1/presence", { grant: device.grant }, { seq, ah: "A".repeat(43) })).code;
    expect(await claim(1_000)).toBe("state-regressed");
    const list = { rl: 1, dids: [], locked: [], lock: false };
    const revocations = await extension.authority.signRevocations(list);
    expect((await extension.send("/v1/revocations", { revocations })).status).toBe(200);
    let code: string | undefined;
    for (let i = 1; i < 400 && code !== "state-regressed"; i++) code = await claim(i * 1_000);
    expect(code).toBe("state-regressed");
    const { audit, anchors } = await vaultOf(world.broker, device.did);
    expect(anchors!.length).toBeLessThanOrEqual(257);
    expect(audit!.length).toBeLessThan(300);
  });

  it("[AU1] loses none of its rows to a device that claims to have seen many more", async () => {
    const device = await world.pairedDevice();
    const { extension } = device.user;
    const claim = async () => {
      const { audit } = await vaultOf(world.broker, device.did);
      // With this number, those of the first rows would be just too old to count among the newest.
      const seq = AUDIT_ROWS + Number(audit!.at(-1)!.seq) - 1;
      const wrong = { seq, ah: "A".repeat(43) };
      return (await device.send("/v1/leave", { grant: device.grant }, wrong)).code;
    };
    expect(await claim()).toBe("state-regressed");
    const list = { rl: 1, dids: [], locked: [], lock: false };
    const revocations = await extension.authority.signRevocations(list);
    expect((await extension.send("/v1/revocations", { revocations })).status).toBe(200);
    expect(await claim()).toBeUndefined();
    const { audit } = await vaultOf(world.broker, device.did);
    expect(audit!.map(({ act }) => act)).toEqual([
      "enrol",
      "grant",
      "deposit",
      "regress",
      "revoke",
      "skip",
      "leave",
    ]);
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
