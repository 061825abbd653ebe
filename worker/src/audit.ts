import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import type { EpochSeconds } from "@jcfetch/shared/time";

/** [EN9] Of a member, the hash of the directory; nothing else that AWS said is kept. */
export type EnrolledBy = "code" | `member:${string}`;

/** What a user's vault notes down. Names and outcomes only: no secret can be put into one of these. */
export type AuditEntry =
  | { readonly act: "enrol"; readonly outcome: EnrolledBy }
  | { readonly act: "drop" }
  | { readonly act: "grant" | "deposit" | "leave"; readonly did: string }
  | { readonly act: "revoke"; readonly outcome: "locked" | "open" }
  | { readonly act: "fetch"; readonly did: string; readonly account: string; readonly role: string }
  /** How the fetch with the intent's number ended. */
  | {
      readonly act: "fetched";
      readonly did: string;
      readonly intent: number;
      readonly outcome: "ok" | WireErrorCode;
    };

export const AUDIT_SECONDS = 90 * 86_400;
/** However busy a user is: the newest rows are the ones that are looked at. */
const AUDIT_ROWS = 50_000;

/** [AU1] @returns the number of the row, by which a result names its intent. */
export function record(sql: SqlStorage, at: EpochSeconds, entry: AuditEntry): number {
  const { act, did, account, role, intent, outcome } = { ...EMPTY, ...entry };
  const { id } = sql
    .exec<{ id: number }>(
      "INSERT INTO audit (at, act, did, account, role, intent, outcome) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
      at,
      act,
      did,
      account,
      role,
      intent,
      outcome,
    )
    .one();
  if (id > AUDIT_ROWS) sql.exec("DELETE FROM audit WHERE id <= ?", id - AUDIT_ROWS);
  return id;
}

const EMPTY = { did: null, account: null, role: null, intent: null, outcome: null } as const;
