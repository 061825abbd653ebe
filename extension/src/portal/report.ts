import type { Generation, PortalModel } from "./parse-portal.ts";
import { SELECTORS } from "./selectors.ts";

export interface PageReport {
  readonly generation: Generation;
  readonly rows: number;
}

/**
 * Whether the page's structure is one we know, unknown, or not to be told yet. "Unknown" is said only of a page that shows
 * accounts in a form we do not know: role links outside any known structure, or the accounts tab chosen and at rest
 * without a list. A page that is loading, or shows applications, says nothing.
 *
 * @param atRest nothing on the page has changed for a while
 */
export function reportOf(root: ParentNode, model: PortalModel, atRest: boolean): PageReport | undefined {
  if (model.generation !== "unknown") return { generation: model.generation, rows: model.rows.length };
  const hasRoles = root.querySelector(SELECTORS.roleLink) !== null;
  const accountsChosen = root.querySelector(`${SELECTORS.accountsTab}[aria-selected="true"]`) !== null;
  return hasRoles || (atRest && accountsChosen) ? { generation: "unknown", rows: 0 } : undefined;
}
