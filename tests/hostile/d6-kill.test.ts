import { afterAll, beforeAll, expect, it } from "vitest";
import { post } from "../support/clients.ts";
import { vaultOf } from "../support/databases.ts";
import { type PairedDevice, READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";
import { integrityOf, verifiedActivity, verifiedRows } from "./kill/audit.ts";
import { type Acknowledged, depositor, fetcher, revoker, taker, type Writer } from "./kill/writers.ts";
import { count, measured, random, scale } from "./scale.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const ROUNDS = scale(6, 200);
const USERS = 2;
const VICTIMS = scale(4, 40);
/** Rounds end after at most so many answers: sometimes with the first one. */
const ANSWERS = 48;

interface Crowd {
  readonly writers: readonly Writer[];
  readonly devices: readonly PairedDevice[];
}

/** Eight writers of one user: four fetch, two take their envelopes, an extension deposits and removes. */
async function crowdOf(): Promise<Crowd> {
  const user = await world.enrolledUser();
  const pair = (n: number) =>
    Promise.all(Array.from({ length: n }, () => world.pairedDevice({ user, deposited: true })));
  const fetching = [...(await pair(2)), ...(await pair(2))];
  const taking = await pair(2);
  const receiving = (await pair(1))[0]!;
  const fetchers = fetching.map((device, i) => fetcher(device, i % 2 === 0 ? S3_ADMIN : READ_ONLY));
  const writers = [
    ...(await Promise.all(fetchers)),
    ...taking.map(taker),
    await depositor(receiving),
    revoker(user, await pair(VICTIMS)),
  ];
  return { writers, devices: [...fetching, ...taking, receiving] };
}

/** Let all of them write until so many answers have come, then kill the broker where it stands. */
async function writeUntilKilled(writers: readonly Writer[], answers: number): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const writing = writers.map(async (write) => {
    for (;;) {
      const done = await write();
      if (!done) return;
      acknowledged.push(done);
      if (acknowledged.length >= answers) resolve();
    }
  });
  await Promise.race([enough, Promise.all(writing)]);
  await world.broker.kill();
  await Promise.all(writing);
  return acknowledged;
}

it("D-6: [PF5] [AU1] [AU2] a broker killed under load forgets nothing it has answered, and takes none of it again", async (context) => {
  const next = random();
  const crowds = await Promise.all(Array.from({ length: USERS }, crowdOf));
  const writers = crowds.flatMap((crowd) => crowd.writers);
  // AWS takes a moment, so that there is always a fetch between its intent and its result.
  world.sim.faults.add({ operation: "GetRoleCredentials", kind: "slow", ms: 20 });
  const acknowledged: Acknowledged[] = [];
  let replayed = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const answered = await writeUntilKilled(writers, 1 + next(ANSWERS));
    await world.broker.restart();
    for (const { message } of answered) {
      const again = await post(world.broker.url, message.path, message);
      expect(again.code, message.path).toBe("replay");
      replayed += 1;
    }
    acknowledged.push(...answered);
  }

  let unfinished = 0;
  let entries = 0;
  for (const { devices } of crowds) {
    const activity = await verifiedActivity(world.broker, devices[0]!.user);
    const rows = await vaultOf(world.broker, devices[0]!.did);
    expect(verifiedRows(rows)).toBe(activity.length);
    const { length } = unfinishedIn(activity);
    unfinished += length;
    entries += activity.length;
    for (const { did } of rows.devices as { did: string }[]) compare(acknowledged, activity, did);
    const gone = new Set(rows.revoked!.map(({ did }) => did));
    for (const { what, did } of acknowledged.filter((one) => one.what === "revoke")) {
      if (rows.devices!.some((row) => row.did === did)) expect(gone.has(did), what).toBe(true);
    }
  }

  await world.broker.kill();
  expect(new Set(await integrityOf(world.broker))).toEqual(new Set(["ok"]));
  await world.broker.restart();
  expect(unfinished).toBeGreaterThan(0);
  measured(
    context,
    `${count(ROUNDS)} kills, 16 writers, ${count(acknowledged.length)} answers, ${count(replayed)} replays refused, ` +
      `${count(entries)} entries in chain, ${count(unfinished)} intents without result`,
  );
});

interface Entry {
  readonly seq: number;
  readonly act: string;
  readonly did: string | null;
  readonly intent: number | null;
  readonly outcome: string | null;
}

/** What was begun and whose end nobody wrote: the broker was killed in between. */
function unfinishedIn(activity: readonly Entry[]): Entry[] {
  const ended = new Set(activity.flatMap(({ intent }) => (intent === null ? [] : [intent])));
  return activity.filter(({ act, seq }) => act === "fetch" && !ended.has(seq));
}

/** No answer without its entries: of each device there are at least as many as answers. */
function compare(acknowledged: readonly Acknowledged[], activity: readonly Entry[], did: string): void {
  const answers = (what: Acknowledged["what"]) =>
    acknowledged.filter((one) => one.what === what && one.did === did).length;
  const noted = (act: string, outcome: string | null) =>
    activity.filter((entry) => entry.act === act && entry.did === did && entry.outcome === outcome).length;
  expect(noted("fetched", "ok")).toBeGreaterThanOrEqual(answers("credentials"));
  expect(noted("deposit", null)).toBeGreaterThanOrEqual(answers("deposit"));
}
