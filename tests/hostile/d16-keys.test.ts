import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { digest } from "@jcfetch/shared/crypto/encoding";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fetchKeyset, newDeviceKeys } from "../support/clients.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";
import { count, measured, random, scale } from "./scale.ts";
import { databasesIn, Snapshot } from "./tamper/files.ts";
import { isPossible, type Mutation, mutationsOf } from "./tamper/rows.ts";

/*
 * Everything that is sealed for the broker is sealed to a key that its keyset names and its signature covers. The epoch
 * keys lie in a database: whoever can write to that must not get the broker to sign a key of theirs.
 */

let world: TestWorld;
let device: PairedDevice;
let baseline: Snapshot;
let file: string;
/** The attacker's own, with the name that it would have. */
let mine: { pk: string; kid: string };
beforeAll(async () => {
  world = await startWorld();
  device = await world.pairedDevice();
  expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  const { Dkem: pk } = (await newDeviceKeys()).keys;
  mine = { pk, kid: (await digest(pk)).slice(0, 16) };
  baseline = await Snapshot.take(world.broker, "keys");
  const names = await databasesIn(world.broker.objectsDir);
  file = names.find((name) => /^jcfetch-keys\/[0-9a-f]{64}\.sqlite$/.test(name))!;
});
afterAll(() => world?.[Symbol.asyncDispose]());

const path = (): string => join(world.broker.objectsDir, file);

const exchanged = (what: string, sql: string, bound: readonly string[]): Mutation => ({
  what,
  table: "epochs",
  apply: (name) => {
    const database = new DatabaseSync(name);
    database.prepare(sql).run(...bound);
    database.close();
  },
});

/** Every change of one thing, in some order, and the changes that an attacker would choose. */
function changes(): Mutation[] {
  const all = mutationsOf(path());
  const next = random();
  const some = Array.from({ length: scale(8, 0) }, () => all[next(all.length)]!);
  return [
    exchanged("a key of the attacker's", "UPDATE epochs SET pk = ?", [mine.pk]),
    exchanged("and its name", "UPDATE epochs SET pk = ?, kid = ?", [mine.pk, mine.kid]),
    exchanged(
      "one more, newer than the broker's",
      "INSERT INTO epochs SELECT ?, ?, wrapped, nbf + 1, exp + 1 FROM epochs",
      [mine.kid, mine.pk],
    ),
    exchanged("a longer life", "UPDATE epochs SET exp = exp + 1000000 WHERE 1 = 1 OR pk = ?", [mine.pk]),
    ...(some.length > 0 ? some : all),
  ];
}

it("D-16: whatever the rows of the epoch keys are changed to, the broker signs none but its own", async (context) => {
  await baseline.restore();
  const tried = changes();
  const known = (
    new DatabaseSync(path(), { readOnly: true }).prepare("SELECT pk FROM epochs").all() as { pk: string }[]
  ).map(({ pk }) => pk);
  const outcomes = new Map<string, number>();
  for (const change of tried) {
    await world.broker.kill();
    await baseline.restore();
    try {
      change.apply(path());
    } catch (error) {
      if (isPossible(error)) throw error;
    }
    await world.broker.restart();
    const { epochs, time } = await fetchKeyset(world.broker.url, world.broker.bid);
    expect(epochs.length, change.what).toBeGreaterThan(0);
    for (const { kid, pk, nbf, exp } of epochs) {
      expect(pk, change.what).not.toBe(mine.pk);
      expect(kid, change.what).toBe((await digest(pk)).slice(0, 16));
      expect(exp - nbf, change.what).toBe(129_600);
      // One that was not there before was made just now, by the broker.
      if (!known.includes(pk)) expect(time - nbf, change.what).toBeLessThan(60);
    }
    const answer = await device.credentials(S3_ADMIN);
    const outcome = answer.ok ? "credentials" : answer.error.code;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const told = [...outcomes].map(([code, n]) => `${count(n)} ${code}`).join(", ");
  measured(context, `${count(tried.length)} changes; a terminal with an envelope of before: ${told}`);
});
