import { chainOlderRows } from "../audit.ts";

/*
 * The tables of one user. Every row is a cache of something signed, a counter or a note: none holds a token, a key or a
 * credential, and changing one gains nobody a right (docs/protocol.md, EV6).
 */

/** Append only: a step that has run somewhere is never edited. */
const STEPS: readonly (string | ((sql: SqlStorage) => void))[] = [
  `CREATE TABLE user (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     origin TEXT,
     enrolled_at INTEGER NOT NULL,
     rl INTEGER NOT NULL DEFAULT 0,
     locked INTEGER NOT NULL DEFAULT 0,
     revocations TEXT,
     highest INTEGER NOT NULL DEFAULT 0,
     mask TEXT NOT NULL DEFAULT '0'
   );
   CREATE TABLE revoked (did TEXT PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE devices (
     did TEXT PRIMARY KEY,
     gh TEXT NOT NULL,
     grant_exp INTEGER NOT NULL,
     left_at INTEGER,
     last_used_at INTEGER,
     highest INTEGER NOT NULL DEFAULT 0,
     mask TEXT NOT NULL DEFAULT '0',
     minute_from INTEGER NOT NULL DEFAULT 0,
     takes INTEGER NOT NULL DEFAULT 0,
     fetches INTEGER NOT NULL DEFAULT 0
   ) WITHOUT ROWID;
   CREATE TABLE envelopes (
     did TEXT PRIMARY KEY,
     gh TEXT NOT NULL,
     seq INTEGER NOT NULL,
     exp INTEGER NOT NULL,
     jws TEXT,
     outer_lock TEXT
   ) WITHOUT ROWID;
   CREATE TABLE pairings (opened_at INTEGER NOT NULL);
   CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     act TEXT NOT NULL,
     did TEXT,
     account TEXT,
     role TEXT,
     intent INTEGER,
     outcome TEXT
   );`,
  `ALTER TABLE user ADD COLUMN regressed INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN issued INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN generations TEXT NOT NULL DEFAULT '[[0,0,0]]';
   ALTER TABLE devices ADD COLUMN forked_at INTEGER;
   ALTER TABLE devices ADD COLUMN adopts INTEGER NOT NULL DEFAULT 0;
   CREATE TABLE locked (did TEXT PRIMARY KEY) WITHOUT ROWID;
   ALTER TABLE audit RENAME TO audit_v1;
   CREATE TABLE audit (
     seq INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     act TEXT NOT NULL,
     did TEXT,
     account TEXT,
     role TEXT,
     mode TEXT,
     intent INTEGER,
     outcome TEXT,
     h TEXT NOT NULL
   );
   CREATE TABLE anchors (seq INTEGER PRIMARY KEY, h TEXT NOT NULL);`,
  // A new user has no older rows, and begins its chain itself.
  (sql) => {
    const hasRows = sql.exec("SELECT 1 FROM audit_v1 LIMIT 1").toArray().length > 0;
    if (hasRows) chainOlderRows(sql);
    else sql.exec("DROP TABLE audit_v1");
  },
  `ALTER TABLE devices ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;`,
  "ALTER TABLE user ADD COLUMN uid TEXT",
  "ALTER TABLE user ADD COLUMN esig TEXT",
];

/** Whether this vault belongs to an enrolled user. Reading this creates nothing. */
export function hasUser(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'user'").toArray().length > 0;
}

/** Bring the tables up to date. Called when a user enrols, and when a vault with a user wakes up. */
export function migrate(sql: SqlStorage): void {
  sql.exec("CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY)");
  const done = sql.exec<{ n: number }>("SELECT count(*) AS n FROM schema_steps").one().n;
  for (const [i, step] of STEPS.entries()) {
    if (i < done) continue;
    if (typeof step === "string") sql.exec(step);
    else step(sql);
    sql.exec("INSERT INTO schema_steps (step) VALUES (?)", i);
  }
}
