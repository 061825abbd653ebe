import { AccountId } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";

/*
 * The two lists of a portal, checked by hand and handed on as they are. Thousands of entries pass here four times each time the popup
 * opens: from the disk, out of the background, into the page. A schema for each of them would copy them all, and cost the user a tenth
 * of a second (bench/popup.ts).
 */

export interface AccountView {
  readonly id: AccountId;
  readonly name: string | null;
  readonly email: string | null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === "string";
const isText = (value: unknown): value is string => typeof value === "string";

/** These members and no other. */
function isAccount(value: unknown): value is AccountView {
  if (!isRecord(value) || Object.keys(value).length !== 3) return false;
  const { id, name, email } = value;
  return v.is(AccountId, id) && isTextOrNull(name) && isTextOrNull(email);
}

export const AccountList = v.custom<AccountView[]>(
  (value) => Array.isArray(value) && value.every(isAccount),
  "a list of accounts: id, name, email",
);

/** Account id → role names. */
export const RoleLists = v.custom<Record<string, string[]>>(
  (value) =>
    isRecord(value) && Object.values(value).every((roles) => Array.isArray(roles) && roles.every(isText)),
  "role names by account",
);
