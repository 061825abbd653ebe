import { DatabaseSync } from "node:sqlite";
import { base64url, digest, sha256 } from "@jcfetch/shared/crypto/encoding";
import {
  type AuditEntry,
  type AuditPlace,
  canonicalEntry,
  chainLink,
  skipFrom,
} from "@jcfetch/shared/protocol/audit";
import type { Broker } from "./broker.ts";
import { vaultFileOf } from "./databases.ts";

type Row = { readonly seq: number; readonly h: string };

/**
 * What somebody does to the record of a broker's only user who can write to its storage, and who wants nobody to notice. The
 * broker is stopped for it, and signs whatever it finds.
 */
export class ForgedAudit {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  static async in(broker: Broker, change: (audit: ForgedAudit) => void | Promise<void>): Promise<void> {
    await broker.kill();
    const database = new DatabaseSync(await vaultFileOf(broker));
    try {
      await change(new ForgedAudit(database));
    } finally {
      database.close();
    }
    await broker.restart();
  }

  /** The place of the last entry, or of one so many before it. */
  place(before = 0): AuditPlace {
    const sql = "SELECT seq, h FROM audit ORDER BY seq DESC LIMIT 1 OFFSET ?";
    const { seq, h } = this.#database.prepare(sql).get(before) as Row;
    return { seq, ah: h };
  }

  /** Take entries away, as if the record began, or went on, at a place of one's choice. */
  beginAt({ seq, ah }: AuditPlace, keepUpTo = 0): void {
    this.#database.prepare("DELETE FROM audit WHERE seq > ?").run(keepUpTo);
    if (keepUpTo === 0) this.#database.exec("DELETE FROM anchors");
    this.#database.prepare("INSERT OR REPLACE INTO anchors (seq, h) VALUES (?, ?)").run(seq, ah);
  }

  /** An entry behind a place, chained as the broker would have done it. */
  async append(after: AuditPlace, said: Pick<AuditEntry, "act" | "at"> & Partial<AuditEntry>): Promise<void> {
    const nothing = { did: null, account: null, role: null, mode: null, intent: null, outcome: null };
    const entry: AuditEntry = { ...nothing, ...said, seq: after.seq + 1 };
    const h = base64url(await sha256(chainLink(after.ah, await digest(canonicalEntry(entry)))));
    const { seq, at, act, did, account, role, mode, intent, outcome } = entry;
    this.#database
      .prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(seq, at, act, did, account, role, mode, intent, outcome, h);
  }

  /** Take the newest entries away, and let a gap stand where they were: whoever saw the last one finds it. */
  async hideNewest(count: number): Promise<void> {
    const [last, before] = [this.place(), this.place(count)];
    this.beginAt(last, before.seq);
    await this.append(last, { ...skipFrom(before), at: Math.floor(Date.now() / 1_000) });
  }
}
