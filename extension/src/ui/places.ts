import type { AccountView, DirectoryView, SwitcherView, ViewState } from "../messaging/view.ts";
import { type AccountFacts, type Environment, type Place, placeOf } from "../roles/environment.ts";

/** An account as its user sees it. */
export interface AccountInfo extends Place {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly label: string | null;
}

/** What stands for the account wherever there is place for one name. */
export const titleOf = ({ label, name, id }: Pick<AccountInfo, "label" | "name" | "id">): string =>
  label ?? name ?? id;

const rulesOf = ({ rules }: SwitcherView) => [...rules.managed, ...rules.own];

/** The environment of an account that stands in no directory, or alone. */
export const environmentIn = (view: ViewState | null, account: AccountFacts): Environment | null =>
  placeOf(account, view ? rulesOf(view.switcher) : []).environment;

export type Accounts = ReadonlyMap<string, AccountInfo>;

/** What the accounts were made of: a new view of the background has new objects though nothing of them has changed. */
interface Made {
  readonly rules: string;
  readonly accounts: Accounts;
}
const made = new WeakMap<readonly AccountView[], Made>();

/** Accounts of a portal by their ids: made once per reading of the directory and change of rules, not once per key press. */
export function accountsOf({ accounts }: DirectoryView, switcher: SwitcherView, portal: string): Accounts {
  const labels = switcher.labels[portal] ?? {};
  const rules = JSON.stringify([switcher.rules, labels]);
  const known = made.get(accounts);
  if (known?.rules === rules) return known.accounts;
  const all = rulesOf(switcher);
  const infos = accounts.map(({ id, name, email }): [string, AccountInfo] => [
    id,
    { id, name, email, label: labels[id] ?? null, ...placeOf({ id, name, email }, all) },
  ]);
  const next = new Map(infos);
  made.set(accounts, { rules, accounts: next });
  return next;
}
