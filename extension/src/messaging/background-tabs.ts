import type { Browser } from "webextension-polyfill";
import type { ContainersApi, GroupsApi, TabsApi } from "../roles/tabs.ts";

/** What Chromium has and the polyfill's types do not know. */
interface Grouping {
  readonly tabs: { group?(details: { tabIds: number; groupId?: number }): Promise<number> };
  readonly tabGroups?: {
    query(details: { title: string }): Promise<{ id: number }[]>;
    update(group: number, details: { title: string; color: string }): Promise<unknown>;
  };
}

/** Tabs, with containers and groups as far as this browser has them and the user has given the permission. */
export function consoleTabs(browser: Browser): TabsApi {
  return {
    create: (tab) => browser.tabs.create(tab),
    containers: () => browser.contextualIdentities as ContainersApi | undefined,
    // Appears on `browser` with its permission only, so each look is a new one.
    groups() {
      const { tabs, tabGroups } = browser as unknown as Grouping;
      if (!tabGroups || !tabs.group) return undefined;
      const groups: GroupsApi = {
        query: (details) => tabGroups.query(details),
        put: (tabIds, groupId) => tabs.group!(groupId === undefined ? { tabIds } : { tabIds, groupId }),
        update: (group, details) => tabGroups.update(group, details),
      };
      return groups;
    },
  };
}
