import { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { ProfileName } from "@jcfetch/shared/domain/profile";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import * as v from "valibot";

export const isAccountId = (text: string): text is AccountId => v.is(AccountId, text);
export const isRoleName = (text: string): text is RoleName => v.is(RoleName, text);

/** `111122223333/PowerUser` */
export function parseRoleRef(text: string): RoleRef | undefined {
  const [account = "", role = "", ...rest] = text.split("/");
  return rest.length === 0 && isAccountId(account) && isRoleName(role) ? { account, role } : undefined;
}

/** What is wrong with a profile's name, if anything is. */
export function profileProblem(name: string): string | undefined {
  const parsed = v.safeParse(ProfileName, name);
  if (!parsed.success) return parsed.issues[0].message;
  return name.startsWith("-") ? "a profile name does not begin with a hyphen" : undefined;
}

/** Any region of AWS, new ones included: where the profile's work happens, not where its portal is. */
export const isRegionName = (text: string): boolean => /^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/.test(text);
