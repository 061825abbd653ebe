import { skipFrom } from "@jcfetch/shared/protocol/audit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { ForgedAudit } from "../support/forged-audit.ts";
import type { Terminal } from "../support/terminal.ts";
import { type PairedDevice, startWorld, type TestUser, type TestWorld } from "../support/world.ts";
import { newTerminalKeys, terminalOf } from "./clone/home.ts";
import { Snapshot } from "./tamper/files.ts";

/* A database is set back, and its user says that the broker may go on: what terminals then say of its record. */

let world: TestWorld;
let user: TestUser;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
  user = await world.enrolledUser();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const FETCH = ["process", "999999999999/S3Admin"] as const;

async function paired(): Promise<{ device: PairedDevice; terminal: Terminal }> {
  const device = await world.pairedDevice({ user, parts: await newTerminalKeys() });
  return { device, terminal: await terminalOf(device) };
}

const outcomeOf = async (terminal: Terminal, ...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await terminal.run(...args);
  return code === 0 ? stdout : (/\[([a-z-]+), exit /.exec(stderr)?.[1] ?? stderr);
};

async function goOn(...devices: readonly PairedDevice[]): Promise<void> {
  const { authority, send } = user.extension;
  const list = { rl: 1, dids: [], locked: [], lock: false };
  expect((await send("/v1/revocations", { revocations: await authority.signRevocations(list) })).status).toBe(
    200,
  );
  for (const { grant } of devices) await world.deposit(user, grant);
}

it("D-16: [AU5] the record goes on for every terminal, and says what of it was lost", async () => {
  const [one, other] = [await paired(), await paired()];
  for (const { terminal } of [one, other]) await outcomeOf(terminal, ...FETCH);
  const early = await Snapshot.take(world.broker, "early");
  await world.broker.restart();
  for (let i = 0; i < 6; i++) expect(await outcomeOf(one.terminal, ...FETCH)).toContain("SecretAccessKey");
  await world.broker.kill();
  await early.restore();
  await world.broker.restart();
  expect(await outcomeOf(one.terminal, ...FETCH)).toBe("state-regressed");
  await goOn(one.device, other.device);

  // The one that has seen more makes the gap; the other finds it.
  for (const { terminal } of [one, other]) {
    expect(await outcomeOf(terminal, "audit", "verify")).toMatch(
      /^The audit is whole but for numbers \d+ to \d+: .* contains number .*\nWhat is missing is lost/,
    );
    expect(await outcomeOf(terminal, "audit")).toContain("record goes on behind what was lost");
  }
  expect(await outcomeOf(other.terminal, ...FETCH)).toContain("SecretAccessKey");
  const said = JSON.parse(await outcomeOf(one.terminal, "audit", "verify", "--json")) as object;
  expect(said).toMatchObject({ whole: false, missing: [{}], seen: "contained" });
  await Promise.all([one, other].map(({ terminal }) => terminal.close()));
});

/** A terminal that has fetched twice, and its broker, whose operator then changes the record. */
async function verifiedAfter(change: (audit: ForgedAudit) => void | Promise<void>): Promise<string> {
  await using own = await startWorld();
  const device = await own.pairedDevice({ parts: await newTerminalKeys() });
  const terminal = await terminalOf(device);
  for (let i = 0; i < 2; i++) expect(await outcomeOf(terminal, ...FETCH)).toContain("SecretAccessKey");
  expect(await outcomeOf(terminal, "audit", "verify")).toMatch(/^The audit is whole: .* contains number /);
  await ForgedAudit.in(own.broker, change);
  const verdict = await outcomeOf(terminal, "audit", "verify");
  await terminal.close();
  return verdict;
}

const FORGED = "A".repeat(43);

it.each<[string, (audit: ForgedAudit) => void | Promise<void>]>([
  [
    "says that what was seen was too old",
    (audit) => audit.beginAt({ seq: audit.place().seq + 5, ah: FORGED }),
  ],
  [
    "says that there were too many entries since",
    (audit) => audit.beginAt({ seq: audit.place().seq + 60_000, ah: FORGED }),
  ],
  [
    "says that what was seen lies in a gap",
    async (audit) => {
      const [last, before] = [audit.place(), audit.place(2)];
      const behind = { seq: last.seq + 3, ah: FORGED };
      audit.beginAt(behind, before.seq);
      await audit.append(behind, { ...skipFrom(before), at: Math.floor(Date.now() / 1_000) });
    },
  ],
])(
  "D-16: [AU4] a record is not whole to a terminal when the operator takes it away and %s",
  async (_, change) => {
    expect(await verifiedAfter(change)).toBe("audit-broken");
  },
);

it("D-16: [AU5] entries that were taken out are missing to a terminal, whatever the gap is said to be", async () => {
  expect(await verifiedAfter((audit) => audit.hideNewest(2))).toMatch(/^The audit is whole but for numbers/);
});
