import type { PortalAccount } from "@jcfetch/shared/aws/portal-client";
import * as v from "valibot";
import { AccountList, type AccountView, RoleLists } from "../messaging/directory-lists.ts";
import type { Session } from "../sessions/records.ts";
import { shownName } from "./shown-name.ts";

/** What is kept of a portal. */
export const Directory = v.object({
  /** Whose lists these are; another user's are dropped. */
  owner: v.string(),
  accounts: AccountList,
  roles: RoleLists,
  /** Accounts that the reading under way has still to ask; null when none is under way. */
  pending: v.nullable(v.array(v.string())),
  completedAtMs: v.nullable(v.number()),
});
export type Directory = v.InferOutput<typeof Directory>;

export const EMPTY: Directory = { owner: "", accounts: [], roles: {}, pending: null, completedAtMs: null };

/** These lists, if they are the user's who is signed in now; while nobody is, they stay in sight with their age. */
export const ofUser = (directory: Directory, { status, owner }: Session): Directory =>
  status === "live" && owner !== null ? ofOwner(directory, owner) : directory;

export const ofOwner = (directory: Directory, owner: string): Directory =>
  directory.owner === owner ? directory : { ...EMPTY, owner };

/** An account as AWS lists it, by a name that can be shown. */
export const accountView = ({ account: id, name, email }: PortalAccount): AccountView => ({
  id,
  name: shownName(name ?? "") || null,
  email: email ?? null,
});

/** A new list of accounts: old roles stay in sight until they are read again, roles of accounts that went go too. */
export function withAccounts(old: Directory, accounts: readonly AccountView[]): Directory {
  const ids = new Set<string>(accounts.map(({ id }) => id));
  const roles = Object.fromEntries(Object.entries(old.roles).filter(([id]) => ids.has(id)));
  const sorted = [...accounts].sort(
    (a, b) => (a.name ?? a.id).localeCompare(b.name ?? b.id) || (a.id < b.id ? -1 : 1),
  );
  return { ...old, accounts: sorted, roles, pending: sorted.map(({ id }) => id) };
}

export function withRoles(old: Directory, account: string, roles: readonly string[]): Directory {
  return {
    ...old,
    roles: { ...old.roles, [account]: [...roles].sort((a, b) => a.localeCompare(b)) },
    pending: old.pending?.filter((id) => id !== account) ?? null,
  };
}
