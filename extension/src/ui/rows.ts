import type { CopyView, DirectoryView, PortalRole, ViewState } from "../messaging/view.ts";
import { type Environment, environmentByName } from "../roles/environment.ts";
import { type IndexedEntry, indexEntries, type SearchEntry, search } from "../roles/search.ts";

/** A role as a row. */
export interface RoleRow {
  readonly kind: "role";
  readonly key: string;
  readonly account: string;
  readonly accountName: string | null;
  readonly role: string;
  readonly environment: Environment | null;
  /** Credentials copied earlier that still live. */
  readonly copy: CopyView | null;
  readonly favorite: boolean;
  /** Under its account's row, so the account is not named again. */
  readonly nested: boolean;
}

export interface AccountRow {
  readonly kind: "account";
  readonly key: string;
  readonly account: string;
  readonly accountName: string | null;
  readonly environment: Environment | null;
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

/** An account whose roles nobody has asked for yet stands in the index with this in the place of a role. */
const NO_ROLE = "";

/** An index is made once per reading of the directory, not once per key press. */
const indexes = new WeakMap<DirectoryView, IndexedEntry<SearchEntry>[]>();

function indexOf(directory: DirectoryView): IndexedEntry<SearchEntry>[] {
  let index = indexes.get(directory);
  if (!index) {
    const entries = directory.accounts.flatMap(({ id, name, email }) =>
      (directory.roles[id] ?? [NO_ROLE]).map((role) => ({ account: id, accountName: name, email, role })),
    );
    index = indexEntries(entries);
    indexes.set(directory, index);
  }
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

function rowMaker({ view, portal, directory }: ListInput) {
  const here = <T extends PortalRole>(items: readonly T[]): T[] =>
    items.filter((item) => item.portal === portal);
  const copies = new Map(here(view.copies).map((copy) => [idOf(copy.account, copy.role), copy]));
  const favorites = new Set(here(view.favorites).map(({ account, role }) => idOf(account, role)));
  const names = new Map(directory.accounts.map(({ id, name }) => [id as string, name]));
  return (section: string, account: string, role: string, nested = false): RoleRow => {
    const accountName = names.get(account) ?? null;
    const id = idOf(account, role);
    return {
      kind: "role",
      key: `${section}:${id}`,
      account,
      accountName,
      role,
      environment: environmentByName(accountName),
      copy: copies.get(id) ?? null,
      favorite: favorites.has(id),
      nested,
    };
  };
}

function accountRow(
  account: string,
  accountName: string | null,
  { directory, expanded }: ListInput,
): AccountRow {
  return {
    kind: "account",
    key: `account:${account}`,
    account,
    accountName,
    environment: environmentByName(accountName),
    roleCount: directory.roles[account]?.length ?? null,
    expanded: expanded.has(account),
  };
}

function searchRows(input: ListInput): ListRow[] {
  const make = rowMaker(input);
  const hits = search(indexOf(input.directory), input.query);
  if (hits.length > 0) {
    return hits.map((hit) =>
      hit.role === NO_ROLE
        ? accountRow(hit.account, hit.accountName, input)
        : make("hit", hit.account, hit.role),
    );
  }
  const text = input.directory.complete
    ? "Nothing matches. Try a part of the account's name or number, or of the role."
    : "Nothing matches yet; the roles of some accounts are still being read.";
  return [{ kind: "note", key: "none", text }];
}

function homeRows(input: ListInput): ListRow[] {
  const { view, portal, directory, expanded } = input;
  const make = rowMaker(input);
  const favorites = view.favorites.filter((item) => item.portal === portal);
  const favoriteIds = new Set(favorites.map(({ account, role }) => idOf(account, role)));
  const recents = view.recents
    .filter((item) => item.portal === portal && !favoriteIds.has(idOf(item.account, item.role)))
    .slice(0, RECENTS_SHOWN);

  const rows: ListRow[] = [];
  if (favorites.length > 0) rows.push({ kind: "heading", key: "favorites", text: "Favorites" });
  rows.push(...favorites.map(({ account, role }) => make("favorite", account, role)));
  if (recents.length > 0) rows.push({ kind: "heading", key: "recent", text: "Recent" });
  rows.push(...recents.map(({ account, role }) => make("recent", account, role)));

  const count = directory.accounts.length;
  rows.push({ kind: "heading", key: "all", text: `All · ${count} account${count === 1 ? "" : "s"}` });
  for (const { id, name } of directory.accounts) {
    const roles = directory.roles[id];
    rows.push(accountRow(id, name, input));
    if (!expanded.has(id)) continue;
    if (!roles) rows.push({ kind: "note", key: `reading:${id}`, text: "Reading roles…" });
    else rows.push(...roles.map((role) => make("all", id, role, true)));
  }
  return rows;
}

/** The list as it stands for this query. */
export function listRows(input: ListInput): ListRow[] {
  return input.query.trim() === "" ? homeRows(input) : searchRows(input);
}

/** The row the keyboard stands on: the remembered one while it is shown, else the first that can be chosen. */
export function cursorIndex(rows: readonly ListRow[], key: string | null): number {
  const at = key === null ? -1 : rows.findIndex((row) => row.key === key);
  return at !== -1 ? at : rows.findIndex(isChoosable);
}

/** Where a movement leads, over headings and notes. */
export function moved(
  rows: readonly ListRow[],
  from: number,
  step: 1 | -1 | "first" | "last",
): string | null {
  const order = rows.flatMap((row, at) => (isChoosable(row) ? [at] : []));
  const here = order.indexOf(from);
  const target =
    step === "first" ? 0 : step === "last" ? order.length - 1 : clamp(here + step, 0, order.length - 1);
  const at = order[target];
  return at === undefined ? null : rows[at]!.key;
}

const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(high, n));
