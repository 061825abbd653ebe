import { base64url, utf8 } from "@jcfetch/shared/crypto/encoding";
import {
  AUDIT_ROWS,
  AUDIT_SECONDS,
  type AuditEntry,
  type AuditPlace,
  canonicalEntry,
  chainLink,
  chainStart,
  skipFrom,
} from "@jcfetch/shared/protocol/audit";
import type { EpochSeconds } from "@jcfetch/shared/time";
import { sha256 } from "@noble/hashes/sha2.js";

/** [EN9] Of a member, the hash of the directory; nothing else that AWS said is kept. */
export type EnrolledBy = "code" | `member:${string}`;

/** What a vault notes down: all but the number and the time. Names and outcomes only; no member can hold a secret. */
export type Note = Pick<AuditEntry, "act"> & Partial<Omit<AuditEntry, "act" | "seq" | "at">>;

/** One for each device there can be. Each keeps the rows before it from being counted as old. */
const MAX_GAPS = 256;

type Row = AuditEntry & { h: string };
type Hashes = (bytes: Uint8Array) => string;

/** Synchronous, unlike the platform's: an entry and its hash are part of the transaction that they tell of. */
const hash: Hashes = (bytes) => base64url(sha256(bytes));

/** The newest entry, unless an anchor is as new. */
const HEAD = `SELECT seq, h FROM (
    SELECT * FROM (SELECT seq, h, 1 AS is_anchor FROM anchors ORDER BY seq DESC LIMIT 1)
    UNION ALL SELECT * FROM (SELECT seq, h, 0 FROM audit ORDER BY seq DESC LIMIT 1)
  ) ORDER BY seq DESC, is_anchor DESC LIMIT 1`;

/**
 * [AU2] The audit of one user as a chain of hashes. An anchor is a place where rows begin: at the start, after rows that
 * were too old, or where the chain goes on after storage had been set back.
 */
export class Journal {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Of a user who is new. */
  begin(bid: string, uid: string): void {
    if (this.#newestAnchor() === undefined) this.#anchor({ seq: 0, ah: hash(chainStart(bid, uid)) });
  }

  /** [AU1] @returns the number of the entry, by which a result names its intent. */
  append(at: EpochSeconds, note: Note): number {
    const { seq: last, ah } = this.head();
    const entry: AuditEntry = { ...EMPTY, ...note, seq: last + 1, at };
    const h = hash(chainLink(ah, hash(utf8(canonicalEntry(entry)))));
    const { seq, act, did, account, role, mode, intent, outcome } = entry;
    this.#sql.exec(
      `INSERT INTO audit (seq, at, act, did, account, role, mode, intent, outcome, h)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[seq, at, act, did, account, role, mode, intent, outcome, h],
    );
    // Numbers count rows only back to the newest anchor: before it they may have been skipped, on a device's mere word.
    const oldest = seq - AUDIT_ROWS;
    if (oldest >= 0 && oldest >= (this.#newestAnchor()?.seq ?? 0)) this.#dropUpTo(oldest);
    return seq;
  }

  head(): AuditPlace {
    const row = this.#sql.exec<{ seq: number; h: string }>(HEAD).toArray()[0];
    if (!row) throw new TypeError("a vault with a user has an anchor");
    return { seq: row.seq, ah: row.h };
  }

  /** @returns `undefined` when it was pruned, or never was. */
  placeAt(seq: number): AuditPlace | undefined {
    const sql = "SELECT seq, h FROM anchors WHERE seq = ? UNION ALL SELECT seq, h FROM audit WHERE seq = ?";
    const row = this.#sql.exec<{ seq: number; h: string }>(sql, seq, seq).toArray()[0];
    return row && { seq: row.seq, ah: row.h };
  }

  /** Entries after a number, from the first place on that is known; never across a gap. */
  page(after: number, limit: number): { from: AuditPlace; entries: readonly AuditEntry[] } {
    const from = this.#whereToBegin(after);
    const rows = this.#sql
      .exec<Row>("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", from.seq, limit)
      .toArray()
      .filter(({ seq }, i) => seq === from.seq + 1 + i);
    return { from, entries: rows.map(({ h: _, ...entry }) => entry) };
  }

  /**
   * [JS5] Storage was set back, and its user goes on all the same: from what a device knows to have been.
   *
   * @returns `false` where there are too many gaps to have come about like that.
   */
  goOnFrom(place: AuditPlace, at: EpochSeconds): boolean {
    const { n } = this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM anchors").one();
    if (n > MAX_GAPS) return false;
    const before = this.head();
    this.#anchor(place);
    this.append(at, skipFrom(before));
    return true;
  }

  prune(now: EpochSeconds): void {
    const sql = "SELECT max(seq) AS seq FROM audit WHERE at <= ?";
    const { seq } = this.#sql.exec<{ seq: number | null }>(sql, now - AUDIT_SECONDS).one();
    if (seq !== null) this.#dropUpTo(seq);
  }

  /** When the oldest row is to go. */
  oldestEnd(): EpochSeconds | undefined {
    const row = this.#sql.exec<{ at: number }>("SELECT at FROM audit ORDER BY seq LIMIT 1").toArray()[0];
    return row && row.at + AUDIT_SECONDS;
  }

  #whereToBegin(after: number): AuditPlace {
    const known = this.placeAt(after);
    if (known && (known.seq === this.head().seq || this.#isFollowed(known.seq))) return known;
    const next = this.#sql
      .exec<{ seq: number; h: string }>("SELECT * FROM anchors WHERE seq > ? ORDER BY seq LIMIT 1", after)
      .toArray()[0];
    return next ? { seq: next.seq, ah: next.h } : this.head();
  }

  #isFollowed(seq: number): boolean {
    return this.#sql.exec("SELECT 1 FROM audit WHERE seq = ?", seq + 1).toArray().length > 0;
  }

  /** What goes leaves its last hash behind, so that the rest can still be followed. */
  #dropUpTo(seq: number): void {
    const last = this.placeAt(seq);
    if (!last) return;
    this.#sql.exec("DELETE FROM anchors WHERE seq <= ?", seq);
    this.#anchor(last);
    this.#sql.exec("DELETE FROM audit WHERE seq <= ?", seq);
  }

  #anchor({ seq, ah }: AuditPlace): void {
    this.#sql.exec("INSERT OR REPLACE INTO anchors (seq, h) VALUES (?, ?)", seq, ah);
  }

  #newestAnchor(): AuditPlace | undefined {
    const sql = "SELECT * FROM anchors ORDER BY seq DESC LIMIT 1";
    const row = this.#sql.exec<{ seq: number; h: string }>(sql).toArray()[0];
    return row && { seq: row.seq, ah: row.h };
  }
}

const EMPTY = { did: null, account: null, role: null, mode: null, intent: null, outcome: null } as const;

/** Rows of the time before the chain, as entries of one. */
export function chainOlderRows(sql: SqlStorage): void {
  type OldRow = Omit<AuditEntry, "seq" | "mode"> & { id: number };
  const journal = new Journal(sql);
  // Number 0 is the start that everybody can compute; this chain has none, so it begins behind it.
  sql.exec("INSERT INTO anchors (seq, h) VALUES (1, ?)", hash(utf8("jc1/audit|before the chain")));
  const renumbered = new Map<number, number>();
  for (const { id, at, intent, ...note } of sql.exec<OldRow>("SELECT * FROM audit_v1 ORDER BY id")) {
    const isFetch = note.act === "fetch" || note.act === "fetched";
    const of = intent === null ? null : (renumbered.get(intent) ?? null);
    renumbered.set(id, journal.append(at, { ...note, intent: of, mode: isFetch ? "sealed" : null }));
  }
  sql.exec("DROP TABLE audit_v1");
}
