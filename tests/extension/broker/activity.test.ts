import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ActivityEntry } from "../../../extension/src/messaging/terms.ts";
import { vaultFileOf } from "../../support/databases.ts";
import { eventually } from "../../support/eventually.ts";
import { ForgedAudit } from "../../support/forged-audit.ts";
import { S3_ADMIN, startWorld, type TestWorld } from "../../support/world.ts";
import type { Background } from "../messaging/background-world.ts";
import { enrolledBackground, pairedWith } from "./pairing.ts";

/** A real broker in workerd, which may have to be built first. */

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

async function terminal() {
  const { background } = await enrolledBackground(world);
  const device = await pairedWith(background, { roles: [S3_ADMIN], maxPerMinute: 600 });
  return { background, device };
}

async function page(background: Background, before: number | null = null) {
  const answer = await background.ask("activity", { before });
  if (!answer.ok) throw new Error(answer.problem.code);
  return answer.value;
}

interface Kept {
  readonly place: { readonly seq: number; readonly ah: string };
}
const kept = async (background: Background) => (await background.local.get("audit")).audit as Kept;

const alarm = async (background: Background) => {
  const state = await background.ask("state");
  return state.ok ? state.value.alarm : undefined;
};

const nameOf = async (background: Background, did: string) => {
  const state = await background.ask("state");
  return state.ok ? state.value.devices.find((one) => one.did === did)?.name : undefined;
};

describe("the activity", () => {
  it("shows what happened, newest first, with what was asked for and what came of it", async () => {
    const { background, device } = await terminal();
    await device.credentials(S3_ADMIN);
    const { entries, before } = await page(background);
    expect(entries.map(({ act }) => act)).toEqual(["fetched", "fetch", "deposit", "grant", "enrol"]);
    const [end, intent] = entries as [ActivityEntry, ActivityEntry];
    expect(intent).toMatchObject({ did: device.did, ...S3_ADMIN, relayed: false, outcome: null });
    expect(end).toMatchObject({ intent: intent.seq, outcome: { good: true, text: "given" } });
    expect(before).toBeNull();
    expect(await alarm(background)).toBeNull();
  });

  it("[AU4] goes back page by page, each checked against the one after it", async () => {
    const { background, device } = await terminal();
    for (let at = 0; at < 55; at++) expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    const seqs: number[] = [];
    for (let before: number | null | undefined; before !== null; ) {
      const next = await page(background, before ?? null);
      seqs.push(...next.entries.map(({ seq }) => seq));
      before = next.before;
    }
    expect(seqs.length).toBeGreaterThan(110);
    expect(seqs).toEqual(Array.from(seqs, (_, at) => seqs.length - at));
  });
});

it("begins anew for a user who has forgotten the broker and comes back to it", async () => {
  const { background } = await terminal();
  await page(background);
  await background.ask("unenrol");
  expect(await kept(background)).toBeUndefined();
  await background.ask("enrol", { code: await world.broker.newEnrolmentCode() });
  expect((await page(background)).entries.map(({ act }) => act)).toContain("enrol");
  expect(await alarm(background)).toBeNull();
});

/** [AU5] What was read behind the gap is no alarm, and what lies before it can still be read. */
async function expectNoAlarmOverTheGap(background: Background): Promise<void> {
  expect(await alarm(background)).toBeNull();
  const acts: string[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const next = await page(background, before ?? null);
    acts.push(...next.entries.map(({ act }) => act));
    before = next.before;
  }
  expect(acts.filter((act) => act === "skip")).toHaveLength(1);
  expect(acts.at(-1)).toBe("enrol");
}

describe("a broker whose record is not what it was", () => {
  it.each([
    ["set-back", ({ place }: Kept) => ({ seq: place.seq + 40, ah: place.ah })],
    ["changed", ({ place }: Kept) => ({ seq: place.seq, ah: `${place.ah.slice(0, -4)}AAAA` })],
    ["changed", ({ place }: Kept) => ({ seq: place.seq - 1, ah: place.ah })],
  ] as const)("[AU4] raises the alarm %s until the user goes on with it", async (kind, other) => {
    const { background, device } = await terminal();
    await page(background);
    const before = await kept(background);
    await background.local.set({ audit: { ...before, place: other(before) } });
    await page(background);
    expect(await alarm(background)).toBe(kind);
    background.start();
    expect(await alarm(background)).toBe(kind);

    expect(await background.ask("brokerAccept")).toEqual({ ok: true, value: {} });
    expect(await alarm(background)).toBeNull();
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    await page(background);
    expect(await alarm(background)).toBeNull();
  });

  it("[AU4] raises the alarm where the broker signs that it holds an older list than it was told", async () => {
    const { background } = await terminal();
    await page(background);
    const { revoked = { devices: [] } } = await background.local.get("revoked");
    const { bid } = (await background.local.get("broker")).broker as { bid: string };
    await background.local.set({ revoked: { ...(revoked as object), rl: 9, told: { bid, rl: 9 } } });
    await page(background);
    expect(await alarm(background)).toBe("set-back");
    expect(await background.ask("brokerAccept")).toEqual({ ok: true, value: {} });
    await page(background);
    expect(await alarm(background)).toBeNull();
  });

  const FORGED = "A".repeat(43);
  it.each<[string, string, (audit: ForgedAudit) => void | Promise<void>]>([
    ["takes out what was seen, and tells of a gap", "gap", (audit) => audit.hideNewest(2)],
    [
      "claims so many entries that the old ones had to go",
      "changed",
      (audit) => audit.beginAt({ seq: audit.place().seq + 60_000, ah: FORGED }),
    ],
  ])("[AU4] [AU5] raises the alarm where whoever writes to its storage %s", async (_, kind, change) => {
    await using own = await startWorld();
    const { background } = await enrolledBackground(own);
    const device = await pairedWith(background, { roles: [S3_ADMIN] });
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    await page(background);
    expect(await alarm(background)).toBeNull();
    await ForgedAudit.in(own.broker, change);
    await page(background).catch(() => undefined);
    expect(await alarm(background)).toBe(kind);
  });

  it("[AU4] counts by its own clock when old entries may go, not by the times that the broker wrote", async () => {
    await using own = await startWorld();
    const { background } = await enrolledBackground(own);
    await ForgedAudit.in(own.broker, (audit) => audit.append(audit.place(), { act: "drop", at: 1 }));
    await page(background);
    expect(await alarm(background)).toBeNull();
    await ForgedAudit.in(own.broker, (audit) => audit.beginAt({ seq: audit.place().seq + 5, ah: FORGED }));
    await page(background).catch(() => undefined);
    expect(await alarm(background)).toBe("changed");
  });

  it("[JS5] [AU5] is an alarm when its storage was set back, and terminals go on when the user says so", async () => {
    const stateDir = await mkdtemp(join(tmpdir(), "jcfetch-set-back-"));
    await using own = await startWorld({ stateDir });
    const { background } = await enrolledBackground(own);
    const device = await pairedWith(background, { roles: [S3_ADMIN] });
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    const backup = `${stateDir}-backup`;
    await own.broker.kill();
    await cp(own.broker.objectsDir, backup, { recursive: true });
    await own.broker.restart();
    // So many that their numbers are skipped when it goes on: a terminal has seen them.
    for (let i = 0; i < 8; i++) expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    await page(background);

    await own.broker.kill();
    await rm(own.broker.objectsDir, { recursive: true });
    await cp(backup, own.broker.objectsDir, { recursive: true });
    // It is of a time before the session was handed over.
    const database = new DatabaseSync(await vaultFileOf(own.broker));
    database.exec("DELETE FROM envelopes");
    database.close();
    await own.broker.restart();
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "state-regressed" } });
    await background.session.remove("broker-seen"); // what it last heard of the broker is not fresh any more
    await background.until("state", async () =>
      (await alarm(background)) === "regressed" ? true : undefined,
    );
    const name = (await nameOf(background, device.did)) ?? "not in the list";
    expect(await background.ask("state")).toMatchObject({ value: { alarmBy: name } });

    expect(await background.ask("brokerAccept")).toEqual({ ok: true, value: {} });
    await eventually(async () => expect((await device.credentials(S3_ADMIN)).ok).toBe(true));
    expect(await alarm(background)).toBeNull();
    const { entries } = await page(background);
    expect(entries[0]).toMatchObject({ act: "fetched", outcome: { good: true } });
    await expectNoAlarmOverTheGap(background);
    await rm(backup, { recursive: true });
    await rm(stateDir, { recursive: true, force: true });
  });
});
