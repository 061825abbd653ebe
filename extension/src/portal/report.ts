import type { Census } from "../messaging/page-messages.ts";
import type { Generation, PortalModel } from "./parse-portal.ts";
import { SELECTORS, selectorCensus } from "./selectors.ts";

export interface PageReport {
  readonly generation: Generation;
  readonly rows: number;
  /** Of a page that we cannot put buttons on. */
  readonly census?: Census;
}

/**
 * Whether the page's structure is one we know, unknown, or not to be told yet. "Unknown" is said only of a page that shows
 * accounts in a form we do not know: role links outside any known structure, or the accounts tab chosen and at rest
 * without a list. A page that is loading, or shows applications, says nothing.
 *
 * @param atRest nothing on the page has changed for a while
 */
export function reportOf(root: ParentNode, model: PortalModel, atRest: boolean): PageReport | undefined {
  const { generation, rows } = model;
  if (generation === "gen1") return { generation, rows: 0, census: selectorCensus(root) };
  if (generation !== "unknown") return { generation, rows: rows.length };
  const hasRoles = root.querySelector(SELECTORS.roleLink) !== null;
  const accountsChosen = root.querySelector(`${SELECTORS.accountsTab}[aria-selected="true"]`) !== null;
  return hasRoles || (atRest && accountsChosen)
    ? { generation, rows: 0, census: selectorCensus(root) }
    : undefined;
}
