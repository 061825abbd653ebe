import type { CopyView, DirectoryView, OpenedView, PortalRole, ViewState } from "../messaging/view.ts";
import type { Environment } from "../roles/environment.ts";
import { type IndexedEntry, indexEntries, type SearchEntry, search } from "../roles/search.ts";
import { t } from "../words.ts";
import { type AccountInfo, type Accounts, accountsOf, titleOf } from "./places.ts";

interface OfAccount {
  readonly key: string;
  readonly account: string;
  readonly accountName: string | null;
  /** What the user calls it, else its name, else its number. */
  readonly title: string;
  readonly label: string | null;
  readonly tags: readonly string[];
  readonly environment: Environment | null;
}

/** A role as a row. */
export interface RoleRow extends OfAccount {
  readonly kind: "role";
  readonly role: string;
  /** Credentials copied earlier that still live. */
  readonly copy: CopyView | null;
  /** Its console was opened from here and should still be signed in. */
  readonly opened: OpenedView | null;
  readonly favorite: boolean;
  /** Under its account's row, so the account is not named again. */
  readonly nested: boolean;
}

/** How a role is called in what is said about it. */
export const nameOf = ({ role, title }: Pick<RoleRow, "role" | "title">): string =>
  t("common.roleIn", [role, title]);

export interface AccountRow extends OfAccount {
  readonly kind: "account";
  /** Null while nobody has asked AWS. */
  readonly roleCount: number | null;
  readonly expanded: boolean;
}

export interface HeadingRow {
  readonly kind: "heading";
  readonly key: string;
  readonly text: string;
}

export interface NoteRow {
  readonly kind: "note";
  readonly key: string;
  readonly text: string;
}

export type ListRow = RoleRow | AccountRow | HeadingRow | NoteRow;
export type ChoosableRow = RoleRow | AccountRow;

export const isChoosable = (row: ListRow): row is ChoosableRow =>
  row.kind === "role" || row.kind === "account";

const RECENTS_SHOWN = 4;
/** Nobody looks through more; ten thousand rows for one letter would cost every key. */
const HITS_SHOWN = 200;

/** An account whose roles nobody has asked for yet stands in the index with this in the place of a role. */
const NO_ROLE = "";

/** An index is made once per reading of the directory, not once per key press. */
const indexes = new WeakMap<DirectoryView["roles"], [Accounts, IndexedEntry<SearchEntry>[]]>();

function indexOf({ roles }: DirectoryView, accounts: Accounts): IndexedEntry<SearchEntry>[] {
  const known = indexes.get(roles);
  if (known?.[0] === accounts) return known[1];
  const entries = [...accounts.values()].flatMap(({ id, name, email, label, tags }) =>
    (roles[id] ?? [NO_ROLE]).map((role) => ({ account: id, accountName: name, email, role, label, tags })),
  );
  const index = indexEntries(entries);
  indexes.set(roles, [accounts, index]);
  return index;
}

export interface ListInput {
  readonly view: ViewState;
  readonly portal: string;
  readonly directory: DirectoryView;
  readonly query: string;
  readonly expanded: ReadonlySet<string>;
}

const idOf = (account: string, role: string): string => `${account}/${role}`;
const UNKNOWN = { name: null, email: null, label: null, tags: [], environment: null };

/** What a row says of its account. Only rows in sight are asked what place it is. */
class OfOne implements OfAccount {
  readonly key: string;
  readonly account: string;
  readonly accountName: string | null;
  readonly title: string;
  readonly label: string | null;
  readonly #info: Omit<AccountInfo, "id">;

  constructor(key: string, account: string, info: AccountInfo | undefined) {
    this.#info = info ?? UNKNOWN;
    const { name, label } = this.#info;
    this.key = key;
    this.account = account;
    this.accountName = name;
    this.label = label;
    this.title = titleOf({ label, name, id: account });
  }

  get tags(): readonly string[] {
    return this.#info.tags;
  }

  get environment(): Environment | null {
    return this.#info.environment;
  }
}

function rowMaker({ view, portal }: ListInput, accounts: Accounts) {
  const here = <T extends PortalRole>(items: readonly T[]): Map<string, T> =>
    new Map(items.flatMap((item) => (item.portal === portal ? [[idOf(item.account, item.role), item]] : [])));
  const copies = here(view.copies);
  const favorites = here(view.favorites);
  const opened = here(view.switcher.opened);
  return (section: string, account: string, role: string, nested = false): RoleRow => {
    const id = idOf(account, role);
    return Object.assign(new OfOne(`${section}:${id}`, account, accounts.get(account)), {
      kind: "role" as const,
      role,
      copy: copies.get(id) ?? null,
      opened: opened.get(id) ?? null,
      favorite: favorites.has(id),
      nested,
    });
  };
}

function accountRow(account: string, accounts: Accounts, { directory, expanded }: ListInput): AccountRow {
  return Object.assign(new OfOne(`account:${account}`, account, accounts.get(account)), {
    kind: "account" as const,
    roleCount: directory.roles[account]?.length ?? null,
    expanded: expanded.has(account),
  });
}

const FAVORITE_LIFT = 60;
const RECENT_LIFT = 40;

/** Favorites and what was used of late come first among hits of a kind. */
function habitOf({ view, portal }: ListInput): (entry: SearchEntry) => number {
  const lifts = new Map<string, number>();
  view.recents
    .filter((role) => role.portal === portal)
    .forEach(({ account, role }, at) => {
      lifts.set(idOf(account, role), RECENT_LIFT / (1 + at));
    });
  for (const { portal: at, account, role } of view.favorites) {
    const id = idOf(account, role);
    if (at === portal) lifts.set(id, (lifts.get(id) ?? 0) + FAVORITE_LIFT);
  }
  if (lifts.size === 0) return () => 0;
  // Most accounts have nothing to lift; their roles need no key made.
  const accounts = new Set([...lifts.keys()].map((id) => id.split("/")[0]));
  return ({ account, role }) => (accounts.has(account) ? (lifts.get(idOf(account, role)) ?? 0) : 0);
}

function searchRows(input: ListInput, accounts: Accounts): ListRow[] {
  const make = rowMaker(input, accounts);
  const hits = search(indexOf(input.directory, accounts), input.query, habitOf(input));
  if (hits.length > 0) {
    const rows: ListRow[] = hits
      .slice(0, HITS_SHOWN)
      .map((hit) =>
        hit.role === NO_ROLE ? accountRow(hit.account, accounts, input) : make("hit", hit.account, hit.role),
      );
    const more = hits.length - rows.length;
    if (more > 0) rows.push({ kind: "note", key: "more", text: t("list.more", more) });
    return rows;
  }
  const text = t(input.directory.complete ? "list.noMatch" : "list.noMatchYet");
  return [{ kind: "note", key: "none", text }];
}

function homeRows(input: ListInput, accounts: Accounts): ListRow[] {
  const { view, portal, directory, expanded } = input;
  const make = rowMaker(input, accounts);
  const favorites = view.favorites.filter((item) => item.portal === portal);
  const favoriteIds = new Set(favorites.map(({ account, role }) => idOf(account, role)));
  const recents = view.recents
    .filter((item) => item.portal === portal && !favoriteIds.has(idOf(item.account, item.role)))
    .slice(0, RECENTS_SHOWN);

  const rows: ListRow[] = [];
  if (favorites.length > 0) rows.push({ kind: "heading", key: "favorites", text: t("list.favorites") });
  rows.push(...favorites.map(({ account, role }) => make("favorite", account, role)));
  if (recents.length > 0) rows.push({ kind: "heading", key: "recent", text: t("list.recent") });
  rows.push(...recents.map(({ account, role }) => make("recent", account, role)));

  rows.push({ kind: "heading", key: "all", text: t("list.all", directory.accounts.length) });
  for (const { id } of directory.accounts) {
    const roles = directory.roles[id];
    rows.push(accountRow(id, accounts, input));
    if (!expanded.has(id)) continue;
    if (!roles) rows.push({ kind: "note", key: `reading:${id}`, text: t("list.reading") });
    else rows.push(...roles.map((role) => make("all", id, role, true)));
  }
  return rows;
}

/** The list as it stands for this query. */
export function listRows(input: ListInput): ListRow[] {
  const accounts = accountsOf(input.directory, input.view.switcher, input.portal);
  return input.query.trim() === "" ? homeRows(input, accounts) : searchRows(input, accounts);
}

/** What the first key would wait for otherwise. */
export function makeSearchReady({ view, portal, directory }: Omit<ListInput, "query" | "expanded">): void {
  indexOf(directory, accountsOf(directory, view.switcher, portal));
}

/** The row of one role, wherever it stands. */
export function rowOf(input: ListInput, account: string, role: string): RoleRow {
  const accounts = accountsOf(input.directory, input.view.switcher, input.portal);
  return rowMaker(input, accounts)("one", account, role);
}

/** The row the keyboard stands on: the remembered one while it is shown, else the first that can be chosen. */
export function cursorIndex(rows: readonly ListRow[], key: string | null): number {
  const at = key === null ? -1 : rows.findIndex((row) => row.key === key);
  return at !== -1 ? at : rows.findIndex(isChoosable);
}

/** Rows of one key press on Page Down: a little less than what is in sight. */
const PAGE = 10;
export type Movement = 1 | -1 | "first" | "last" | "page-up" | "page-down";

function targetOf(step: Movement, here: number, last: number): number {
  if (step === "first") return 0;
  if (step === "last") return last;
  if (step === "page-up") return here - PAGE;
  return here + (step === "page-down" ? PAGE : step);
}

/** Where a movement leads, over headings and notes. */
export function moved(rows: readonly ListRow[], from: number, step: Movement): string | null {
  const order = rows.flatMap((row, at) => (isChoosable(row) ? [at] : []));
  const last = order.length - 1;
  const at = order[clamp(targetOf(step, order.indexOf(from), last), 0, last)];
  return at === undefined ? null : rows[at]!.key;
}

const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(high, n));
