import { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { ProfileName } from "@jcfetch/shared/domain/profile";
import type { RoleRef } from "@jcfetch/shared/domain/role";

export const isAccountId = (text: string): text is AccountId => problemOf(AccountId, text) === undefined;
export const isRoleName = (text: string): text is RoleName => problemOf(RoleName, text) === undefined;

/** `111122223333/PowerUser` */
export function parseRoleRef(text: string): RoleRef | undefined {
  const [account = "", role = "", ...rest] = text.split("/");
  return rest.length === 0 && isAccountId(account) && isRoleName(role) ? { account, role } : undefined;
}

/** What is wrong with a profile's name, if anything is. */
export function profileProblem(name: string): string | undefined {
  if (name.startsWith("-")) return "a profile name does not begin with a hyphen";
  return problemOf(ProfileName, name);
}

/** Through the interface that all schema libraries share; its answer is a promise only where a check waits for something. */
function problemOf(schema: typeof AccountId | typeof RoleName | typeof ProfileName, text: string) {
  const checked = schema["~standard"].validate(text);
  return "issues" in checked ? checked.issues?.[0]?.message : undefined;
}

/** Any region of AWS, new ones included: where the profile's work happens, not where its portal is. */
export const isRegionName = (text: string): boolean => /^[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/.test(text);
