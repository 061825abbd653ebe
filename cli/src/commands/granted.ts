import { decide, type Policy } from "@jcfetch/shared/protocol/policy";

export interface GrantedRole {
  readonly account: string;
  /** A role's name, or a pattern with `*`. */
  readonly role: string;
}

/** What a grant allows, one row a role or pattern; without those that this way of fetching refuses. */
export const grantedRoles = (policy: Policy): readonly GrantedRole[] =>
  policy.allow
    .flatMap(({ account, roles }) => roles.map((role) => ({ account, role })))
    .filter((role) => decide(policy, role) === "allow");

export const isPattern = ({ account, role }: GrantedRole): boolean => `${account}${role}`.includes("*");
