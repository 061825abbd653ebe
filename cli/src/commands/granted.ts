import type { Grant } from "@jcfetch/shared/protocol/documents";
import { decide } from "@jcfetch/shared/protocol/policy";

export interface GrantedRole {
  readonly account: string;
  /** A role's name, or a pattern with `*`. */
  readonly role: string;
}

/** What a grant allows, one row a role or pattern; without those that none of its modes serves. */
export const grantedRoles = (grant: Pick<Grant, "modes" | "policy">): readonly GrantedRole[] =>
  grant.policy.allow
    .flatMap(({ account, roles }) => roles.map((role) => ({ account, role })))
    .filter((role) => decide(grant, role).access === "allowed");

export const isPattern = ({ account, role }: GrantedRole): boolean => `${account}${role}`.includes("*");
