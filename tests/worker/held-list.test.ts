import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keptRequest, type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Change the rows of the vault that knows a device while its broker is down. */
async function changeRows({ did }: PairedDevice, sql: string): Promise<void> {
  await world.broker.kill();
  const folder = join(world.broker.objectsDir, "jcfetch-vault");
  for (const name of await readdir(folder)) {
    if (!/^[0-9a-f]{64}\.sqlite$/.test(name)) continue;
    const database = new DatabaseSync(join(folder, name));
    if (database.prepare("SELECT 1 FROM devices WHERE did = ?").get(did)) database.exec(sql);
    database.close();
  }
  await world.broker.restart();
}

/** Two devices that have fetched; one is removed then, one locked. Both keep a request that was good before. */
async function barred() {
  const user = await world.enrolledUser();
  const removed = await world.pairedDevice({ user });
  const locked = await world.pairedDevice({ user });
  const good = await world.pairedDevice({ user });
  const keep = async (device: PairedDevice) => keptRequest(device);
  const [removedKept, lockedKept] = [await keep(removed), await keep(locked)];
  const { authority, send } = user.extension;
  const list = { rl: 1, dids: [removed.did], locked: [locked.did], lock: false };
  await send("/v1/revocations", { revocations: await authority.signRevocations(list) });
  const ask = async (): Promise<unknown[]> => [
    (await removed.send("/v1/credentials", removedKept)).code,
    (await locked.send("/v1/credentials", lockedKept)).code,
  ];
  return { user, good, ask };
}

/** Ended envelopes as if they had not: what a device kept of its own would do. */
const REOPENED = `UPDATE envelopes SET jws = 'a.b.c', outer_lock = '{"e":"A","c":"A"}'
  WHERE outer_lock IS NULL`;

describe("rows that say other than the list the extension signed", () => {
  it("[RV5] are made anew from the list", async () => {
    const { good, ask } = await barred();
    expect(await ask()).toEqual(["revoked", "locked"]);
    await changeRows(good, `DELETE FROM revoked; DELETE FROM locked; ${REOPENED}`);
    expect(await ask()).toEqual(["revoked", "locked"]);
    expect(await good.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    await changeRows(good, `INSERT INTO revoked (did) VALUES ('${good.did}')`);
    expect(await good.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });

  it.each([
    ["that is gone", "UPDATE user SET revocations = NULL"],
    ["of another number", "UPDATE user SET rl = 2"],
    [
      "that nobody signed",
      "UPDATE user SET revocations = substr(revocations, 1, length(revocations) - 4) || 'AAAA'",
    ],
  ])("[RV5] and a list %s are refused until the extension signs one", async (_, sql) => {
    const { user, good, ask } = await barred();
    await changeRows(good, `DELETE FROM revoked; DELETE FROM locked; ${REOPENED}; ${sql}`);
    expect(await ask()).toEqual(["state-regressed", "state-regressed"]);
    expect(await good.credentials(S3_ADMIN)).toMatchObject({ error: { code: "state-regressed" } });
    const { authority, send } = user.extension;
    const list = { rl: 3, dids: [], locked: [], lock: false };
    await send("/v1/revocations", { revocations: await authority.signRevocations(list) });
    await world.deposit(user, good.grant);
    expect(await good.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });
});
