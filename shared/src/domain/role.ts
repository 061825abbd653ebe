import * as v from "valibot";
import { AccountId, RoleName } from "./ids.ts";

export const RoleRef = v.strictObject({ account: AccountId, role: RoleName });
export type RoleRef = v.InferOutput<typeof RoleRef>;

/** How a role is written for people: `Data (111122223333) PowerUser`, or without the name when nobody gave one. */
export function describeRole(ref: { account: string; role: string }, accountName?: string): string {
  return accountName ? `${accountName} (${ref.account}) ${ref.role}` : `${ref.account} ${ref.role}`;
}
