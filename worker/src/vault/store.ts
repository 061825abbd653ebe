import type { Sealed } from "@jcfetch/shared/crypto/seal";
import type { DeviceId, UserId } from "@jcfetch/shared/domain/ids";
import type { ReplayWindow } from "@jcfetch/shared/replay-window";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { HeldEnvelope } from "../broker/envelope-check.ts";
import type { Generation, JoinState } from "../broker/join-state.ts";
import type { RateWindow } from "../broker/rate-window.ts";
import type { ExtensionCall } from "../middleware/proof.ts";
import type { RegisteredGrant, StoredEnvelope } from "./calls.ts";
import type { DeviceRow, User } from "./state.ts";

type WindowColumns = { highest: number; mask: string };
type UserColumns = WindowColumns & {
  uid: string | null;
  origin: string | null;
  rl: number;
  locked: number;
  regressed: number;
};
type DeviceColumns = WindowColumns & {
  did: string;
  gh: string;
  left_at: number | null;
  last_used_at: number | null;
  minute_from: number;
  takes: number;
  fetches: number;
  asks: number;
  looks: number;
  issued: number;
  generations: string;
  forked_at: number | null;
  adopts: number;
};
type EnvelopeColumns = {
  gh: string;
  seq: number;
  exp: number;
  jws: string | null;
  outer_lock: string | null;
};

const HOUR_SECONDS = 3_600;
/** A client reads 64 KiB of an answer. */
const MAX_LISTED = 400;

const windowOf = ({ highest, mask }: WindowColumns): ReplayWindow => ({ highest, mask: BigInt(`0x${mask}`) });

const deviceOf = (row: DeviceColumns): DeviceRow => ({
  did: row.did as DeviceId,
  gh: row.gh,
  hasLeft: row.left_at !== null,
  lastUsedAt: row.last_used_at,
  spent: windowOf(row),
  rate: {
    startsAt: row.minute_from,
    takes: row.takes,
    fetches: row.fetches,
    asks: row.asks,
    looks: row.looks,
  },
  joined: { issued: row.issued, generations: generationsIn(row.generations) },
  hasForked: row.forked_at !== null,
  adopts: row.adopts === 1,
});

const generationsIn = (text: string): Generation[] =>
  (JSON.parse(text) as [number, number, number][]).map(([head, upTo, at]) => ({ head, upTo, at }));

export interface RevocationList {
  readonly rl: number;
  readonly dids: readonly DeviceId[];
  readonly locked: readonly DeviceId[];
  readonly lock: boolean;
  readonly jws: string;
}

/** Without the signed list, which is long and is read when the vault wakes up. */
const USER = "SELECT uid, origin, rl, locked, regressed, highest, mask FROM user";

/** The rows of one user. Everything here is synchronous, so that a method of the vault is one transaction. */
export class VaultStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  user(): User | undefined {
    const row = this.#sql.exec<UserColumns>(USER).toArray()[0];
    if (!row) return undefined;
    const { uid, origin, rl } = row;
    return {
      uid: uid as UserId | null,
      origin,
      rl,
      isLocked: row.locked === 1,
      hasRegressed: row.regressed === 1,
      spent: windowOf(row),
    };
  }

  /** Enrolling again keeps devices and counters: it is the same key, perhaps from another installation. */
  enrol({ uid, Esig, origin }: Omit<ExtensionCall, "counter">, now: EpochSeconds): void {
    const sql = `INSERT INTO user (one, uid, esig, origin, enrolled_at) VALUES (1, ?, ?, ?, ?)
      ON CONFLICT (one) DO UPDATE SET uid = excluded.uid, esig = excluded.esig, origin = excluded.origin,
        enrolled_at = excluded.enrolled_at`;
    this.#sql.exec(sql, uid, Esig, origin, now);
  }

  spendUser({ highest, mask }: ReplayWindow): void {
    this.#sql.exec("UPDATE user SET highest = ?, mask = ?", highest, mask.toString(16));
  }

  device(did: string): DeviceRow | undefined {
    const row = this.#sql.exec<DeviceColumns>("SELECT * FROM devices WHERE did = ?", did).toArray()[0];
    return row && deviceOf(row);
  }

  /** Devices that a user may want to see, those in use first; as many as fit into one answer. */
  devices(now: EpochSeconds): DeviceRow[] {
    const sql = `SELECT * FROM devices WHERE grant_exp > ? AND did NOT IN (SELECT did FROM revoked)
      ORDER BY left_at IS NOT NULL, did LIMIT ${MAX_LISTED}`;
    return this.#sql.exec<DeviceColumns>(sql, now).toArray().map(deviceOf);
  }

  /** A new grant for a known device keeps its counter; the envelope of the old grant goes. */
  putGrant({ did, gh, exp }: RegisteredGrant): void {
    this.#sql.exec(
      `INSERT INTO devices (did, gh, grant_exp) VALUES (?, ?, ?)
       ON CONFLICT (did) DO UPDATE SET gh = excluded.gh, grant_exp = excluded.grant_exp, left_at = NULL`,
      did,
      gh,
      exp,
    );
    this.#sql.exec("DELETE FROM envelopes WHERE did = ? AND gh <> ?", did, gh);
  }

  /** Devices other than this one that may still ask. */
  liveDevicesBeside(did: string, now: EpochSeconds): number {
    const sql = `SELECT count(*) AS n FROM devices WHERE did <> ? AND left_at IS NULL AND grant_exp > ?
      AND did NOT IN (SELECT did FROM revoked)`;
    return this.#sql.exec<{ n: number }>(sql, did, now).one().n;
  }

  /** [EV8] A grant that has ended is refused by its own date; its row is of no more use. */
  dropDevicesBefore(now: EpochSeconds): void {
    this.#sql.exec("DELETE FROM envelopes WHERE did IN (SELECT did FROM devices WHERE grant_exp <= ?)", now);
    this.#sql.exec("DELETE FROM devices WHERE grant_exp <= ?", now);
  }

  spendDevice(did: string, { highest, mask }: ReplayWindow, rate: RateWindow, now: EpochSeconds): void {
    this.#sql.exec(
      `UPDATE devices SET highest = ?, mask = ?, minute_from = ?, takes = ?, fetches = ?, asks = ?, looks = ?,
         last_used_at = ? WHERE did = ?`,
      highest,
      mask.toString(16),
      rate.startsAt,
      rate.takes,
      rate.fetches,
      rate.asks,
      rate.looks,
      now,
      did,
    );
  }

  leave(did: string, now: EpochSeconds): void {
    this.#sql.exec("UPDATE devices SET left_at = ? WHERE did = ?", now, did);
    this.#endEnvelopesOf(did);
  }

  /** What the newest list says of a device. */
  listed(did: string): { isRevoked: boolean; isLocked: boolean } {
    const sql = `SELECT EXISTS (SELECT 1 FROM revoked WHERE did = ?1) AS revoked,
      EXISTS (SELECT 1 FROM locked WHERE did = ?1) AS locked`;
    const { revoked, locked } = this.#sql.exec<{ revoked: number; locked: number }>(sql, did).one();
    return { isRevoked: revoked === 1, isLocked: locked === 1 };
  }

  replaceRevocations({ rl, dids, locked, lock, jws }: RevocationList): void {
    this.#sql.exec("UPDATE devices SET adopts = 1 WHERE (SELECT regressed FROM user) = 1");
    this.#sql.exec(
      "UPDATE user SET rl = ?, locked = ?, revocations = ?, regressed = 0",
      rl,
      lock ? 1 : 0,
      jws,
    );
    this.#replaceNames("revoked", dids);
    this.#replaceNames("locked", locked);
    if (lock) this.endAllEnvelopes();
  }

  #replaceNames(table: "revoked" | "locked", dids: readonly DeviceId[]): void {
    this.#sql.exec(`DELETE FROM ${table}`);
    for (const did of dids) {
      this.#sql.exec(`INSERT OR IGNORE INTO ${table} (did) VALUES (?)`, did);
      this.#endEnvelopesOf(did);
    }
  }

  join(did: string, { issued, generations }: JoinState, adopts: boolean): void {
    this.#sql.exec(
      "UPDATE devices SET issued = ?, generations = ?, adopts = ? WHERE did = ?",
      issued,
      JSON.stringify(generations.map(({ head, upTo, at }) => [head, upTo, at])),
      adopts ? 1 : 0,
      did,
    );
  }

  /** [JS2] */
  fork(did: string, now: EpochSeconds): void {
    this.#sql.exec("UPDATE devices SET forked_at = ? WHERE did = ?", now, did);
    this.#endEnvelopesOf(did);
  }

  /** [JS5] */
  regress(): void {
    this.#sql.exec("UPDATE user SET regressed = 1");
  }

  envelope(
    did: string,
  ): (HeldEnvelope & { readonly jws: string; readonly outer: Sealed | null }) | undefined {
    const row = this.#sql.exec<EnvelopeColumns>("SELECT * FROM envelopes WHERE did = ?", did).toArray()[0];
    if (!row) return undefined;
    const { gh, seq, exp, jws, outer_lock } = row;
    const outer = outer_lock === null ? null : (JSON.parse(outer_lock) as Sealed);
    return { gh, seq, exp, isOver: outer === null, jws: jws ?? "", outer };
  }

  putEnvelope({ did, gh, seq, exp, jws, outer }: StoredEnvelope): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO envelopes (did, gh, seq, exp, jws, outer_lock) VALUES (?, ?, ?, ?, ?, ?)",
      did,
      gh,
      seq,
      exp,
      jws,
      JSON.stringify(outer),
    );
  }

  /** Destroy an envelope and keep its number, so that a device which took it before cannot go on with it. */
  endEnvelope(did: string, seq: number): void {
    this.#sql.exec("UPDATE envelopes SET jws = NULL, outer_lock = NULL WHERE did = ? AND seq <= ?", did, seq);
  }

  /** [EV4] The number stays: an older envelope must never look like the newest. */
  #endEnvelopesOf(did: string): void {
    this.#sql.exec("UPDATE envelopes SET jws = NULL, outer_lock = NULL WHERE did = ?", did);
  }

  endAllEnvelopes(): void {
    this.#sql.exec("UPDATE envelopes SET jws = NULL, outer_lock = NULL");
  }

  endEnvelopesBefore(now: EpochSeconds): void {
    this.#sql.exec(
      "UPDATE envelopes SET jws = NULL, outer_lock = NULL WHERE exp <= ? AND jws IS NOT NULL",
      now,
    );
  }

  /** When the next envelope or grant ends; `undefined` when there is nothing to wait for. */
  nextEnd(): EpochSeconds | undefined {
    const sql = `SELECT min(at) AS at FROM (
      SELECT min(exp) AS at FROM envelopes WHERE jws IS NOT NULL
      UNION ALL SELECT min(grant_exp) FROM devices)`;
    return this.#sql.exec<{ at: number | null }>(sql).one().at ?? undefined;
  }

  /** [PA10] Count a pairing. @returns how long to wait when this hour has had its share. */
  openPairing(now: EpochSeconds, perHour: number): number | undefined {
    this.#sql.exec("DELETE FROM pairings WHERE opened_at <= ?", now - HOUR_SECONDS);
    const sql = "SELECT count(*) AS n, min(opened_at) AS first FROM pairings";
    const { n, first } = this.#sql.exec<{ n: number; first: number | null }>(sql).one();
    if (n >= perHour) return (first ?? now) + HOUR_SECONDS - now;
    this.#sql.exec("INSERT INTO pairings (opened_at) VALUES (?)", now);
    return undefined;
  }
}
