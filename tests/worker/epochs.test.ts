import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBase64url } from "@jcfetch/shared/crypto/encoding";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import { EPOCH_LIFE_SECONDS, EPOCH_SECONDS } from "@jcfetch/shared/protocol/version";
import { Secret } from "@jcfetch/shared/secret";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EpochRow, KeysCalls } from "../../worker/src/keys/calls.ts";
import { KeyRing } from "../../worker/src/keys/ring.ts";
import { makeEpoch, openEpoch } from "../../worker/src/keys/wrapping.ts";
import { fetchKeyset, post, sealRequest } from "../support/clients.ts";
import { readDatabases } from "../support/databases.ts";
import { credentialRequest, S3_ADMIN, startWorld, type TestWorld, takeInner } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const keysetOf = ({ broker }: TestWorld): Promise<Keyset> => fetchKeyset(broker.url, broker.bid);

const epochsOf = async ({ broker }: TestWorld): Promise<EpochRow[]> =>
  (await readDatabases(broker, "keys")).flatMap(({ epochs }) => (epochs ?? []) as unknown as EpochRow[]);

const rootKeyOf = ({ broker }: TestWorld): Secret<Uint8Array> =>
  new Secret<Uint8Array>(fromBase64url(broker.keys.BROKER_ROOT_KEY.reveal())!);

/** Every byte that lies in the object's files. */
async function filesOf({ broker }: TestWorld): Promise<string> {
  const folder = join(broker.objectsDir, "jcfetch-keys");
  const files = await readdir(folder);
  const contents = await Promise.all(files.map((file) => readFile(join(folder, file), "latin1")));
  return contents.join("");
}

describe("epoch keys", () => {
  it("[KS2] are made once a day, and the newest stands first", async () => {
    await using own = await startWorld({ clock: "movable" });
    const first = await keysetOf(own);
    expect(first.epochs.length).toBe(1);
    const [{ nbf, exp, kid }] = first.epochs as [Keyset["epochs"][number]];
    expect(exp - nbf).toBe(EPOCH_LIFE_SECONDS);
    await own.advance(EPOCH_SECONDS - 60);
    expect((await keysetOf(own)).epochs.map((epoch) => epoch.kid)).toEqual([kid]);
    await own.advance(120);
    const second = await keysetOf(own);
    expect(second.epochs.length).toBe(2);
    expect(second.epochs[0]!.nbf).toBeGreaterThan(second.epochs[1]!.nbf);
    expect(second.epochs[1]!.kid).toBe(kid);
  });

  it("[KS2] that a clock which ran ahead has made leave nobody without one when it is put right", async () => {
    await using own = await startWorld({ clock: "movable" });
    await own.advance(2 * EPOCH_SECONDS);
    const [early] = (await keysetOf(own)).epochs;
    await own.advance(-2 * EPOCH_SECONDS);
    const device = await own.pairedDevice();
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    expect((await keysetOf(own)).epochs.map(({ kid }) => kid)).not.toContain(early!.kid);
    expect((await epochsOf(own)).length).toBe(2);
  });

  it("[KS2] of yesterday still open what was sealed to them", async () => {
    await using own = await startWorld({ clock: "movable" });
    await keysetOf(own);
    await own.advance(EPOCH_SECONDS - 60);
    const device = await own.pairedDevice({ user: await own.enrolledUser({ sessionSeconds: 40_000 }) });
    await own.advance(3_600);
    expect((await keysetOf(own)).epochs.length).toBe(2);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });

  it("[KS2] [KS3] are destroyed at their end: no answer, no row and no byte of the file is left of them", async () => {
    await using own = await startWorld({ clock: "movable" });
    const user = await own.enrolledUser({ sessionSeconds: 200_000 });
    const device = await own.pairedDevice({ user, expiresInSeconds: 400_000 });
    const request = await credentialRequest(device, await takeInner(device));
    const sealed = await sealRequest(device, device.uid, request);
    const [row] = await epochsOf(own);
    expect(await openEpoch(rootKeyOf(own), own.broker.bid, row!)).toBeDefined();
    expect(await filesOf(own)).toContain(row!.wrapped);

    await own.advance(EPOCH_LIFE_SECONDS + 1);
    expect((await device.send("/v1/credentials", sealed)).code).toBe("epoch-unknown");
    expect((await keysetOf(own)).epochs.map(({ kid }) => kid)).not.toContain(row!.kid);
    expect((await epochsOf(own)).map(({ kid }) => kid)).not.toContain(row!.kid);
    // What SQLite has yet to write back goes with the next start.
    await own.broker.restart();
    await keysetOf(own);
    await expect.poll(() => filesOf(own), { timeout: 30_000 }).not.toContain(row!.wrapped);
    expect(await filesOf(own)).not.toContain(row!.wrapped.slice(20, 60));
  });

  it("[KS2] go at their end also when nobody asks", async () => {
    await using own = await startWorld({ clock: "movable" });
    const almost = EPOCH_LIFE_SECONDS - 6;
    await own.advance(-almost);
    const [old] = (await keysetOf(own)).epochs;
    await own.advance(almost);
    await expect
      .poll(async () => (await epochsOf(own)).map(({ kid }) => kid), { timeout: 30_000 })
      .not.toContain(old!.kid);
  });

  it("[KS3] lie there under the root key: another one opens nothing, and begins anew", async () => {
    const row = (await epochsOf(world))[0] ?? (await keysetOf(world).then(() => epochsOf(world)))[0]!;
    const other = new Secret(crypto.getRandomValues(new Uint8Array(32)));
    expect(await openEpoch(rootKeyOf(world), world.broker.bid, row)).toBeDefined();
    expect(await openEpoch(other, world.broker.bid, row)).toBeUndefined();
    for (const changed of [
      { exp: row.exp + 86_400 },
      { nbf: row.nbf - 1 },
      { kid: "another" },
      { wrapped: `A${row.wrapped.slice(1)}` },
    ]) {
      expect(await openEpoch(rootKeyOf(world), world.broker.bid, { ...row, ...changed })).toBeUndefined();
    }
    expect(await openEpoch(rootKeyOf(world), "B".repeat(43), row)).toBeUndefined();
    const foreign = await makeEpoch(other, world.broker.bid, row.nbf);
    expect(await openEpoch(other, world.broker.bid, foreign)).toBeDefined();
  });

  it("[KS4] are asked for once: an id that is unknown is looked for in memory alone", async () => {
    const bid = "B".repeat(43);
    const rootKey = new Secret(crypto.getRandomValues(new Uint8Array(32)));
    const row = await makeEpoch(rootKey, bid, 1_000_000);
    let asked = 0;
    const current = async () => {
      asked += 1;
      return [row];
    };
    let now = 1_000_000_000;
    const ring = new KeyRing({
      now: () => now,
      bid,
      rootKey,
      object: () => ({ current }) satisfies KeysCalls,
    });
    for (let i = 0; i < 20; i++) expect(await ring.epoch(`unknown-${i}`)).toBeUndefined();
    expect(await ring.epoch(row.kid)).toBeDefined();
    expect(asked).toBe(1);
    now += 86_400_000; // the newest is a day old: the only thing that makes it ask
    await Promise.all([ring.epoch("unknown"), ring.epoch("another"), ring.epoch(row.kid)]);
    expect(asked).toBe(2);
  });

  it("[KS4] are not made by a stranger's request: the rows stay as they were", async () => {
    const device = await world.pairedDevice();
    const body = await sealRequest(device, device.uid, {});
    const before = JSON.stringify(await epochsOf(world));
    for (let i = 0; i < 20; i++) {
      const answer = await post(world.broker.url, "/v1/credentials", {
        body: { ...body, kid: `unknown-${i}` },
      });
      expect(answer.code).toBe("epoch-unknown");
    }
    expect(JSON.stringify(await epochsOf(world))).toBe(before);
  });
});
