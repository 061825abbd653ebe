import { userIdOf } from "@jcfetch/shared/crypto/keys";
import type { Revocations } from "@jcfetch/shared/protocol/documents";
import { verifyRevocations } from "@jcfetch/shared/protocol/verify";

/*
 * [RV5] Which devices are removed or locked is the extension's word, under its signature; the rows are there to be looked
 * up. Whoever can write to this storage can change a row, and cannot sign a list.
 */

interface Held {
  readonly uid: string | null;
  readonly esig: string | null;
  readonly rl: number;
  readonly locked: number;
  readonly revocations: string | null;
}

/**
 * Hold the rows against the list that was signed, and make them anew where they differ.
 *
 * @returns `false` when there should be a list and none can be believed: this storage is not as the broker left it.
 */
export async function rowsFollowList(storage: DurableObjectStorage, bid: string): Promise<boolean> {
  const { sql } = storage;
  const held = heldIn(sql);
  if (!held?.uid || !held.esig) return true; // from before vaults kept the key
  const isEmpty = held.rl === 0 && held.revocations === null;
  if (isEmpty && namesIn(sql, "revoked").length === 0) return true;

  const list = await readList(held, { uid: held.uid, esig: held.esig, bid });
  if (!list) return false;
  if (!isSame(sql, held, list)) storage.transactionSync(() => makeAnew(sql, list));
  return true;
}

const heldIn = (sql: SqlStorage): Held | undefined =>
  sql
    .exec<Held & Record<string, SqlStorageValue>>("SELECT uid, esig, rl, locked, revocations FROM user")
    .toArray()[0];

async function readList(
  { rl, revocations }: Held,
  of: { uid: string; esig: string; bid: string },
): Promise<Revocations | undefined> {
  if (revocations === null || (await userIdOf(of.esig)) !== of.uid) return undefined;
  const list = await verifyRevocations(revocations, of.esig);
  return list?.uid === of.uid && list.bid === of.bid && list.rl === rl ? list : undefined;
}

type Names = "revoked" | "locked";

const namesIn = (sql: SqlStorage, table: Names): string[] =>
  sql
    .exec<{ did: string }>(`SELECT did FROM ${table}`)
    .toArray()
    .map(({ did }) => did);

function isSame(sql: SqlStorage, { locked }: Held, list: Revocations): boolean {
  const isListed = (table: Names, dids: readonly string[]): boolean => {
    const names = new Set(dids);
    const rows = namesIn(sql, table);
    return rows.length === names.size && rows.every((did) => names.has(did));
  };
  return locked === (list.lock ? 1 : 0) && isListed("revoked", list.dids) && isListed("locked", list.locked);
}

function makeAnew(sql: SqlStorage, { dids, locked, lock }: Revocations): void {
  sql.exec("UPDATE user SET locked = ?", lock ? 1 : 0);
  for (const [table, names] of [
    ["revoked", dids],
    ["locked", locked],
  ] as const) {
    sql.exec(`DELETE FROM ${table}`);
    for (const did of names) sql.exec(`INSERT OR IGNORE INTO ${table} (did) VALUES (?)`, did);
    sql.exec(`UPDATE envelopes SET jws = NULL, outer_lock = NULL WHERE did IN (SELECT did FROM ${table})`);
  }
}
