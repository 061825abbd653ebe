import { DatabaseSync } from "node:sqlite";
import { followChain } from "@jcfetch/shared/protocol/audit";
import { readActivity } from "@jcfetch/shared/protocol/endpoints";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { vaultFileOf } from "../support/databases.ts";
import { S3_ADMIN, startWorld } from "../support/world.ts";

/** Back to the tables of the first version, with what was in them then. */
const FIRST_VERSION = `
  CREATE TABLE audit_first (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, act TEXT NOT NULL, did TEXT, account TEXT, role TEXT,
    intent INTEGER, outcome TEXT
  );
  INSERT INTO audit_first SELECT seq, at, act, did, account, role, intent, outcome FROM audit ORDER BY seq;
  DROP TABLE audit;
  DROP TABLE anchors;
  DROP TABLE locked;
  ALTER TABLE audit_first RENAME TO audit;
  DELETE FROM schema_steps WHERE step > 0;`;

const COLUMNS = {
  user: ["one", "origin", "enrolled_at", "rl", "locked", "revocations", "highest", "mask"],
  devices: [
    "did",
    "gh",
    "grant_exp",
    "left_at",
    "last_used_at",
    "highest",
    "mask",
    "minute_from",
    "takes",
    "fetches",
  ],
};

function toFirstVersion(database: DatabaseSync): void {
  database.exec(FIRST_VERSION);
  for (const [table, first] of Object.entries(COLUMNS)) {
    for (const { name } of database.prepare(`PRAGMA table_info(${table})`).all())
      if (!first.includes(String(name))) database.exec(`ALTER TABLE ${table} DROP COLUMN ${String(name)}`);
  }
}

describe("a vault of the first version", () => {
  it("[AU2] is brought forward when it wakes up: nothing is lost, and its audit becomes a chain", async () => {
    await using world = await startWorld();
    const device = await world.pairedDevice();
    const before = await device.user.extension.send("/v1/activity", { after: 0, limit: 128 });
    await world.broker.kill();
    const database = new DatabaseSync(await vaultFileOf(world.broker));
    toFirstVersion(database);
    database.close();
    await world.broker.restart();

    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    const { json } = await device.user.extension.send("/v1/activity", { after: 0, limit: 128 });
    const page = v.parse(readActivity.response, json);
    expect(page.from.seq).toBe(1); // no start that could be mistaken for the computed one
    expect(await followChain(page.from, page.lines)).toBeDefined();
    const acts = ({ lines }: v.InferOutput<typeof readActivity.response>): string[] =>
      lines.flatMap((line) => ("entry" in line ? [line.entry.act] : []));
    const old = acts(v.parse(readActivity.response, before.json));
    expect(acts(page)).toEqual([...old, "fetch", "fetched", "fetch", "fetched"]);
    const results = page.lines.flatMap((line) => ("entry" in line && line.entry.intent ? [line.entry] : []));
    for (const { intent } of results)
      expect(
        page.lines.some((line) => "entry" in line && line.entry.seq === intent && line.entry.act === "fetch"),
      ).toBe(true);
  });
});
