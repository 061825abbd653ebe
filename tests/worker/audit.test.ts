import { DatabaseSync } from "node:sqlite";
import { base64url, sha256 } from "@jcfetch/shared/crypto/encoding";
import { type AuditLine, type AuditPlace, chainStart, followChain } from "@jcfetch/shared/protocol/audit";
import type { AuditHead } from "@jcfetch/shared/protocol/documents";
import { readAudit } from "@jcfetch/shared/protocol/endpoints";
import { verifyAuditHead } from "@jcfetch/shared/protocol/verify";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchKeyset, type RawAnswer } from "../support/clients.ts";
import { vaultFileOf } from "../support/databases.ts";
import { type PairedDevice, READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

interface Page {
  readonly from: AuditPlace;
  readonly lines: readonly AuditLine[];
  readonly head: AuditHead;
}

async function pageOf(at: TestWorld, { json, text }: RawAnswer): Promise<Page> {
  const page = v.safeParse(readAudit.response, json);
  if (!page.success) throw new Error(text);
  const { Bsig } = await fetchKeyset(at.broker.url, at.broker.bid);
  const head = await verifyAuditHead(page.output.head, Bsig);
  if (!head) throw new Error("the head is not signed by the broker");
  return { ...page.output, head };
}

/** All of it, as the extension reads it, a page at a time. */
async function wholeAudit(at: TestWorld, device: PairedDevice, limit: number): Promise<Page> {
  const lines: AuditLine[] = [];
  let from: AuditPlace | undefined;
  for (;;) {
    const after = (from?.seq ?? 0) + lines.length;
    const page = await pageOf(at, await device.user.extension.send("/v1/activity", { after, limit }));
    from ??= page.from;
    lines.push(...page.lines);
    if (page.lines.length < limit) return { from, lines, head: page.head };
  }
}

const startOf = async (at: TestWorld, uid: string): Promise<AuditPlace> => ({
  seq: 0,
  ah: base64url(await sha256(chainStart(at.broker.bid, uid))),
});

describe("the audit as a chain", () => {
  it("[AU2] [AU4] can be followed from its start to the signed head, page by page", async () => {
    const device = await world.pairedDevice();
    for (let i = 0; i < 3; i++) await device.credentials(S3_ADMIN);
    const { from, lines, head } = await wholeAudit(world, device, 4);
    expect(from).toEqual(await startOf(world, device.uid));
    expect(lines.map((line) => ("entry" in line ? line.entry.act : "?"))).toEqual([
      ...["enrol", "grant", "deposit"],
      ...["fetch", "fetched", "fetch", "fetched", "fetch", "fetched"],
    ]);
    const places = await followChain(from, lines);
    expect(places?.at(-1)).toEqual({ seq: head.seq, ah: head.ah });
    const seen = await device.remembered.loadSeen();
    expect(places![seen.seq]).toEqual({ seq: seen.seq, ah: seen.ah });
  });

  it("[AU3] shows a device its own entries whole, and of the others what the chain needs", async () => {
    const user = await world.enrolledUser();
    const [device, other] = [await world.pairedDevice({ user }), await world.pairedDevice({ user })];
    await device.credentials(S3_ADMIN);
    await other.credentials(READ_ONLY);
    const body = { grant: device.grant, after: 0, limit: 128 };
    const answer = await device.send("/v1/audit", body);
    const { from, lines, head } = await pageOf(world, answer);
    expect((await followChain(from, lines))?.at(-1)).toEqual({ seq: head.seq, ah: head.ah });
    const own = lines.flatMap((line) => ("entry" in line ? [line.entry] : []));
    expect(own.map(({ act }) => act)).toEqual(["grant", "deposit", "fetch", "fetched"]);
    expect(own.every(({ did }) => did === device.did)).toBe(true);
    expect(answer.text).not.toContain(other.did);
    expect(answer.text).not.toContain(READ_ONLY.role);
  });

  it.each([
    ["changed", "UPDATE audit SET role = 'Other' WHERE act = 'fetch' AND seq = 4"],
    ["taken out", "DELETE FROM audit WHERE seq = 4"],
    [
      "put in",
      "UPDATE audit SET seq = seq + 1000 WHERE seq > 4; UPDATE audit SET seq = seq - 998 WHERE seq > 1000; INSERT INTO audit SELECT 5, at, act, did, account, role, mode, intent, outcome, h FROM audit WHERE seq = 4",
    ],
  ])("[AU2] is broken when a row is %s", async (_, change) => {
    await using own = await startWorld();
    const device = await own.pairedDevice();
    for (let i = 0; i < 2; i++) await device.credentials(S3_ADMIN);
    const before = await wholeAudit(own, device, 128);
    await own.broker.kill();
    const database = new DatabaseSync(await vaultFileOf(own.broker));
    database.exec(change);
    database.close();
    await own.broker.restart();
    const after = await wholeAudit(own, device, 128);
    const places = await followChain(after.from, after.lines);
    const { seq, ah } = before.head;
    const stillThere = places?.some((place) => place.seq === seq && place.ah === ah) ?? false;
    expect(stillThere).toBe(false);
  });
});
