import { SELECTORS } from "./selectors.ts";

export type Generation = "gen1" | "gen2" | "gen3" | "unknown";

export interface RoleTarget {
  readonly account: string;
  readonly role: string;
}

export interface RoleRow extends RoleTarget {
  /** The element that stands and falls with this role: what a button belongs to. */
  readonly row: Element;
}

/** An account that the page shows, and the text it is called by there. */
export interface AccountPlace {
  readonly account: string;
  readonly beside: Element;
}

export interface PortalModel {
  readonly generation: Generation;
  readonly accounts: readonly AccountPlace[];
  readonly rows: readonly RoleRow[];
  /** Rows whose link says one thing and whose surroundings say another. They get no button. */
  readonly mismatched: number;
}

const ACCOUNT = /^\d{12}$/;
const ROLE = /^[\w+=,.@-]{1,64}$/;

/**
 * Read a role link. What follows `#/console?` looks like a query and is one to URLSearchParams, but not to `URL`.
 * A link that names an account or a role twice is refused: the page and we might read different ones.
 */
export function readRoleHref(href: string): RoleTarget | undefined {
  const at = href.indexOf("#/console?");
  if (at === -1) return undefined;
  const query = new URLSearchParams(href.slice(at + "#/console?".length));
  const accounts = query.getAll("account_id");
  const roles = query.getAll("role_name");
  if (accounts.length !== 1 || roles.length !== 1) return undefined;
  const account = accounts[0]!;
  const role = roles[0]!;
  return ACCOUNT.test(account) && ROLE.test(role) ? { account, role } : undefined;
}

/** One generation of the page: how its rows are found, and which account a row visibly stands under. */
interface Adapter {
  readonly row: string;
  readonly accountAbove: (row: Element) => string | undefined;
  readonly account: string;
  readonly accountOf: (account: Element) => string | undefined;
}

const hrefOf = (link: Element): string => link.getAttribute("href") ?? "";

/**
 * The account of a list header: its last line, `111122223333 | name@example.com`. Line by line, because the name above it
 * may be made of digits too and nothing stands between the two in the text of the whole.
 */
function accountIn(header: Element): string | undefined {
  const lines = [header, ...header.querySelectorAll("*")].filter(
    (element) => element.childElementCount === 0,
  );
  const ids = lines.map((line) => /^\s*(\d{12})\s*(?:\||$)/.exec(line.textContent ?? "")?.[1]);
  return ids.findLast((id) => id !== undefined);
}

const gen2: Adapter = {
  row: SELECTORS.roleListItem,
  accountAbove(row) {
    const container = row.closest(SELECTORS.roleListContainer);
    const header = container?.parentElement?.querySelector(SELECTORS.accountCell);
    return header ? accountIn(header) : undefined;
  },
  account: SELECTORS.accountCell,
  accountOf: accountIn,
};

const accountOfRow = (row: Element): string | undefined => {
  const link = row.querySelector(SELECTORS.accountLink);
  return link ? (/[?&]account_id=(\d{12})(?:&|$)/.exec(hrefOf(link))?.[1] ?? "unreadable") : undefined;
};

const gen3: Adapter = {
  row: SELECTORS.roleRow,
  accountAbove(row) {
    let above = row.previousElementSibling;
    while (above && !above.matches(SELECTORS.accountRow)) above = above.previousElementSibling;
    return above ? accountOfRow(above) : undefined;
  },
  account: SELECTORS.accountRow,
  accountOf: accountOfRow,
};

const ADAPTERS = { gen2, gen3 } as const;

function generationOf(root: ParentNode): Generation {
  if (root.querySelector(SELECTORS.treeGrid)) return "gen3";
  if (root.querySelector(SELECTORS.accountList)) return "gen2";
  return root.querySelector(SELECTORS.legacyApp) ? "gen1" : "unknown";
}

/**
 * The role of one row, or undefined when it has none that can be trusted: the account row above, where the page draws one,
 * and the link's own text must agree with the link's address. A button that copies another role than the one it stands
 * beside would be worse than no button.
 */
function readRow(adapter: Adapter, link: Element, row: Element): RoleTarget | undefined {
  const target = readRoleHref(hrefOf(link));
  if (!target) return undefined;
  const above = adapter.accountAbove(row);
  if (above !== undefined && above !== target.account) return undefined;
  const text = link.textContent?.trim() ?? "";
  return text === "" || text.includes(target.role) ? target : undefined;
}

/** Where an account's name stands: the first piece of text in it. */
const nameOf = (account: Element): Element | undefined => {
  const within = account.querySelector(SELECTORS.accountCell) ?? account;
  return [...within.querySelectorAll("*")].find(
    (element) =>
      element.textContent?.trim() && [...element.children].every((child) => child.hasAttribute(ACCOUNT_MARK)),
  );
};

const ACCOUNT_MARK = "data-jcfetch-account";

function accountsOf(root: ParentNode, adapter: Adapter): AccountPlace[] {
  return [...root.querySelectorAll(adapter.account)].flatMap((element) => {
    const account = adapter.accountOf(element);
    const beside = nameOf(element);
    return account && ACCOUNT.test(account) && beside ? [{ account, beside }] : [];
  });
}

/** Read the page as it stands. Pure: touches nothing, keeps nothing. */
export function parsePortal(root: ParentNode): PortalModel {
  const generation = generationOf(root);
  const nothing = { rows: [], accounts: [], mismatched: 0 };
  if (generation !== "gen2" && generation !== "gen3") return { generation, ...nothing };

  const adapter = ADAPTERS[generation];
  const rows: RoleRow[] = [];
  let mismatched = 0;
  const seen = new Set<Element>();
  for (const link of root.querySelectorAll(SELECTORS.roleLink)) {
    const row = link.closest(adapter.row);
    if (!row || seen.has(row)) continue;
    seen.add(row);
    const target = roleOfRow(row);
    if (target) rows.push({ ...target, row });
    else mismatched += 1;
  }
  const links = rows.length + mismatched;
  // Rows of a form we do not know: not one of the page's role links stands where it should.
  if (links === 0 && root.querySelector(SELECTORS.roleLink)) return { generation: "unknown", ...nothing };
  return { generation, rows, accounts: accountsOf(root, adapter), mismatched };
}

/** The same for one row, read again when its button is pressed: React may have given the row to another role meanwhile. */
export function roleOfRow(row: Element): RoleTarget | undefined {
  const links = row.querySelectorAll(SELECTORS.roleLink);
  const adapter = row.matches(gen3.row) ? gen3 : gen2;
  return links.length === 1 ? readRow(adapter, links[0]!, row) : undefined;
}

/** Where a row's button goes. `append` adds it inside the element, `after` behind it. */
export interface Place {
  readonly element: Element;
  readonly how: "append" | "after";
}

/**
 * Beside AWS's own "Access keys". In the table that is the next cell, which AWS leaves empty on role rows: a button there
 * moves nothing and is not cut off when the reader has made the account column narrow.
 */
export function placeIn(row: Element): Place | undefined {
  const own = row.querySelector(SELECTORS.accessKeys);
  const next = own?.closest("td")?.nextElementSibling;
  if (next && !next.textContent?.trim()) {
    let inner: Element = next;
    while (inner.childElementCount === 1 && !inner.firstElementChild!.hasAttribute("data-jcfetch")) {
      inner = inner.firstElementChild!;
    }
    return { element: inner, how: "append" };
  }
  const beside = own ?? row.querySelector(SELECTORS.roleLink);
  return beside ? { element: beside, how: "after" } : undefined;
}
