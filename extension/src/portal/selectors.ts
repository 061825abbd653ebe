const testid = (name: string): string => `[data-testid="${name}"]`;

/**
 * Every selector we use on the access portal, with what it was seen on. Class names are hashed per release and texts are
 * translated, so neither is ever used. "Captured" means read from a saved page; nothing here is promised by AWS.
 */
export const SELECTORS = {
  /** The React application's mount point. Captured: list pages of March 2024 and table pages of September 2026. */
  appRoot: "#root",

  /**
   * A role's console link: the one thing both live generations share. The href is documented by AWS ("shortcut links").
   * Captured: both.
   */
  roleLink: 'a[href*="#/console?"][href*="account_id="][href*="role_name="]',

  /** AWS's own "Access keys" control. Captured: both. */
  accessKeys: testid("role-creation-action-button"),

  /** Generation 2: the list of accounts, a row of it, the header button of an account. Captured March 2024. */
  accountList: testid("account-list"),
  roleListItem: testid("role-list-item"),
  roleListContainer: testid("role-list-container"),
  accountCell: testid("account-list-cell"),

  /** Generation 3: the tree grid; role rows are siblings of their account's row. Captured September 2026. */
  treeGrid: 'table[role="treegrid"]',
  accountRow: 'tr[aria-level="1"]',
  roleRow: 'tr[aria-level="2"]',
  accountLink: 'a[href*="#/console?"][href*="account_id="]:not([href*="role_name="])',

  /** Generation 1, until early 2024: recognized so that we say so, never written to. Captured before 2024. */
  legacyApp: "portal-ui, portal-application-list",

  /** The accounts tab. While another tab is chosen no account is drawn, which is no sign of a redesign. */
  accountsTab: '[role="tab"][data-testid="accounts"]',

  /** Never used for buttons: what a report of a changed page tells besides, so that its new form can be guessed. */
  anyConsoleLink: 'a[href*="/console"]',
  anyAccountLink: '[href*="account_id="]',
  federationLink: testid("federation-link"),
  anyTestid: "[data-testid]",
  anyRow: '[role="row"], [role="treeitem"], tr',
  anyLevel: "[aria-level]",
  alert: '[role="alert"]',
} as const;

export type SelectorName = keyof typeof SELECTORS;

/** How many nodes each selector finds: what a report of a changed page may carry, because it holds no text of the page. */
export function selectorCensus(root: ParentNode): Record<SelectorName, number> {
  const names = Object.keys(SELECTORS) as SelectorName[];
  const counts = names.map((name) => [name, root.querySelectorAll(SELECTORS[name]).length] as const);
  return Object.fromEntries(counts) as Record<SelectorName, number>;
}
