import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type AuditEntry,
  type AuditLine,
  type AuditPlace,
  followChain,
} from "@jcfetch/shared/protocol/audit";
import { verifyAuditHead } from "@jcfetch/shared/protocol/verify";
import type { Broker } from "../../support/broker.ts";
import { fetchKeyset } from "../../support/clients.ts";
import type { Row, Tables } from "../../support/databases.ts";
import type { TestUser } from "../../support/world.ts";

const PAGE = 128;

/** All that the broker shows of a user's audit, followed link by link up to the head that it signs. @throws when it breaks. */
export async function verifiedActivity(broker: Broker, { extension }: TestUser): Promise<AuditEntry[]> {
  const { Bsig } = await fetchKeyset(broker.url, broker.bid);
  const entries: AuditEntry[] = [];
  let at: AuditPlace | undefined;
  for (;;) {
    const { json, text } = await extension.send("/v1/activity", { after: at?.seq ?? 0, limit: PAGE });
    const from = json.from as AuditPlace;
    const lines = json.lines as AuditLine[];
    const head = await verifyAuditHead(json.head as string, Bsig);
    const places = await followChain(from, lines);
    if (!head || !places) throw new Error(`the audit does not verify: ${text}`);
    if (at && (from.seq !== at.seq || from.ah !== at.ah)) throw new Error(`a page begins elsewhere: ${text}`);
    at = places.at(-1)!;
    entries.push(...lines.flatMap((line) => ("entry" in line ? [line.entry] : [])));
    if (lines.length > 0) continue;
    if (at.seq !== head.seq || at.ah !== head.ah) throw new Error("the audit ends before its signed head");
    return entries;
  }
}

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Recompute the chain from the rows as they lie on disk, with a hash that is not the broker's. @returns how many hold. */
export function verifiedRows({ audit, anchors }: Tables): number {
  const start = anchors![0] as { seq: number; h: string };
  let { seq } = start;
  let h: Buffer = Buffer.from(start.h, "base64url");
  for (const row of audit!) {
    h = sha256(h, sha256(canonical(row)));
    seq += 1;
    if (row.seq !== seq || row.h !== h.toString("base64url"))
      throw new Error(`the chain breaks at ${row.seq}`);
  }
  return audit!.length;
}

const canonical = (row: Row): string =>
  JSON.stringify(
    ["seq", "at", "act", "did", "account", "role", "mode", "intent", "outcome"].map((name) => row[name]),
  );

/** What SQLite itself says of every database of a broker that does not run. */
export async function integrityOf({ objectsDir }: Broker): Promise<string[]> {
  const names = await readdir(objectsDir, { recursive: true });
  return names
    .filter((name) => name.endsWith(".sqlite"))
    .map((name) => {
      const database = new DatabaseSync(join(objectsDir, name));
      try {
        return String(Object.values(database.prepare("PRAGMA integrity_check").get()!)[0]);
      } finally {
        database.close();
      }
    });
}
