import type { AccountView } from "../messaging/directory-lists.ts";
import type { AccountRule, DirectoryView, SwitcherView, ViewState } from "../messaging/view.ts";
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

const NO_TAGS: readonly string[] = [];

/** What kind of place it is takes a while to read out of a name: it is read for what is shown, not for two thousand accounts. */
class LazyAccount implements AccountInfo {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly label: string | null;
  readonly #rules: readonly AccountRule[];
  #place: Place | undefined;

  constructor({ id, name, email }: AccountView, label: string | null, rules: readonly AccountRule[]) {
    this.id = id;
    this.name = name;
    this.email = email;
    this.label = label;
    this.#rules = rules;
  }

  get environment(): Environment | null {
    return this.#placed().environment;
  }

  get tags(): readonly string[] {
    return this.#rules.length === 0 ? NO_TAGS : this.#placed().tags;
  }

  #placed(): Place {
    this.#place ??= placeOf(this, this.#rules);
    return this.#place;
  }
}

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
  const next = new Map<string, AccountInfo>();
  for (const account of accounts) {
    next.set(account.id, new LazyAccount(account, labels[account.id] ?? null, all));
  }
  made.set(accounts, { rules, accounts: next });
  return next;
}
