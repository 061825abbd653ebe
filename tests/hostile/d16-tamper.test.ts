import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorld, type TestWorld } from "../support/world.ts";
import { count, measured, random, scale } from "./scale.ts";
import { databasesIn, Snapshot } from "./tamper/files.ts";
import { type Findings, type Household, makeHouseholds, probe } from "./tamper/people.ts";
import { isPossible, type Mutation, mutationsOf } from "./tamper/rows.ts";

const HOUSEHOLDS = scale(4, 8);
const FILE = /^jcfetch-vault\/[0-9a-f]{64}\.sqlite$/;

let world: TestWorld;
let households: Household[];
let baseline: Snapshot;
/** The database of each household. */
let files: string[];
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
  households = await makeHouseholds(world, HOUSEHOLDS);
  baseline = await Snapshot.take(world.broker, "baseline");
  const vaults = (await databasesIn(world.broker.objectsDir)).filter((name) => FILE.test(name));
  files = households.map(({ good }) => vaults.find((name) => holds(name, good.did))!);
});
afterAll(() => world?.[Symbol.asyncDispose]());

const pathOf = (file: string): string => join(world.broker.objectsDir, file);

function holds(file: string, did: string): boolean {
  const database = new DatabaseSync(pathOf(file), { readOnly: true });
  try {
    return database.prepare("SELECT 1 FROM devices WHERE did = ?").get(did) !== undefined;
  } finally {
    database.close();
  }
}

/** Change the storage of each household in its own way, start the broker over it, and see what it does. */
async function tried(change: (i: number) => boolean | Promise<boolean>): Promise<(Findings | undefined)[]> {
  await world.broker.kill();
  await baseline.restore();
  const isChanged: boolean[] = [];
  for (let i = 0; i < HOUSEHOLDS; i++) isChanged.push(await change(i));
  await world.broker.restart();
  return Promise.all(households.map((one, i) => (isChanged[i] ? probe(one) : undefined)));
}

const NOTHING_NOTICED: Findings = { wider: [], good: "credentials", noticed: [] };

it("D-16: with nothing changed everybody gets what is theirs, and nobody is alarmed", async () => {
  const found = await tried(() => true);
  for (const one of found) expect(one).toEqual(NOTHING_NOTICED);
});

it("D-16: whatever one row, cell or table is changed to, nobody gets what is not theirs", async (context) => {
  const all = mutationsOf(pathOf(files[0]!)).length;
  const order = shuffled(Array.from({ length: all }, (_, i) => i)).slice(0, scale(24, all));
  const outcomes = new Map<string, number>();
  let impossible = 0;
  for (let from = 0; from < order.length; from += HOUSEHOLDS) {
    const changes: { what: string; isPast: boolean }[] = [];
    const found = await tried((i) => {
      const at = order[from + i];
      const mutation = at === undefined ? undefined : mutationsOf(pathOf(files[i]!))[at];
      const past = pastOf(pathOf(files[i]!));
      const isDone = mutation !== undefined && applied(mutation, pathOf(files[i]!));
      if (mutation && !isDone) impossible += 1;
      changes.push({ what: mutation?.what ?? "", isPast: past !== pastOf(pathOf(files[i]!)) });
      return isDone;
    });
    for (const [i, one] of found.entries()) {
      if (!one) continue;
      const { what, isPast } = changes[i]!;
      expect(one.wider, what).toEqual([]);
      if (isPast) expect(one.noticed, what).not.toEqual([]);
      outcomes.set(one.good, (outcomes.get(one.good) ?? 0) + 1);
    }
  }
  const told = [...outcomes].map(([code, n]) => `${count(n)} ${code}`).join(", ");
  measured(
    context,
    `${count(order.length)} of ${count(all)} changes, ${count(impossible)} not possible; a good terminal: ${told}`,
  );
});

/** [AU2] All that the audit says. The hash beside a row only saves work: whoever reads the rows makes it again. */
function pastOf(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare("SELECT * FROM audit ORDER BY seq").all();
    return JSON.stringify(rows.map(({ h: _, ...said }) => said));
  } catch {
    return "no audit";
  } finally {
    database.close();
  }
}

function applied(mutation: Mutation, file: string): boolean {
  try {
    mutation.apply(file);
    return true;
  } catch (error) {
    if (isPossible(error)) throw error;
    return false;
  }
}

/** Fisher and Yates. */
function shuffled(items: number[]): number[] {
  const next = random();
  for (let i = items.length - 1; i > 0; i--) {
    const j = next(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

it("D-16: with the files of two users exchanged, neither gets or sees what is the other's", async () => {
  const found = await tried(async (i) => {
    await baseline.restoreFile(files[i ^ 1]!, files[i]!);
    return true;
  });
  for (const one of found) {
    expect(one).toMatchObject({ wider: [], good: "unknown" });
    expect(one!.noticed).toEqual(["devices: unknown", "activity: unknown"]);
  }
});
