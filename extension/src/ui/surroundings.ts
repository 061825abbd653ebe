import type { Permissions } from "webextension-polyfill";
import { browser } from "../browser.ts";
import { regionHints } from "../portal/region-hints.ts";
import type { PortalHere } from "./actions/context.ts";
import type { Surroundings } from "./actions.ts";

/**
 * Opening the popup lets it see the tab it was opened on, and no other. What the page holds is read as a document that does
 * nothing.
 */
async function portalHere(): Promise<PortalHere | undefined> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  if (tab?.id === undefined || !tab.url?.startsWith("https://")) return undefined;
  try {
    const func = () => [
      document.documentElement.outerHTML,
      ...performance.getEntriesByType("resource").map(({ name }) => name),
    ];
    const [run] = await browser.scripting.executeScript({ target: { tabId: tab.id }, func });
    const [html = "", ...loaded] = (run?.result ?? []) as string[];
    const page = new DOMParser().parseFromString(html, "text/html");
    return { startUrl: tab.url, hints: regionHints(page, loaded) };
  } catch {
    return { startUrl: tab.url, hints: [] };
  }
}

type Permission = NonNullable<Permissions.Permissions["permissions"]>[number];

/** What Chromium has and the polyfill's types do not know. */
interface Panels {
  readonly sidePanel?: { open(where: { windowId: number }): Promise<unknown> };
  readonly sidebarAction?: { open(): Promise<unknown> };
}

/** Firefox's sidebar or Chromium's side panel. Chromium wants the window's number, which must be known before the press. */
function panelOpener(): (() => Promise<unknown>) | undefined {
  const { sidePanel, sidebarAction } = browser as unknown as Panels;
  if (sidebarAction) return () => sidebarAction.open();
  if (!sidePanel) return undefined;
  let windowId: number | undefined;
  void browser.windows.getCurrent().then(({ id }) => {
    windowId = id;
  });
  return async () => (windowId === undefined ? undefined : sidePanel.open({ windowId }));
}

/** The browser around an extension page. */
export const browserSurroundings: Surroundings = {
  now: Date.now,
  copyText: (text) => navigator.clipboard.writeText(text),
  request: (patterns) => browser.permissions.request({ origins: [...patterns] }),
  release: (pattern) => browser.permissions.remove({ origins: [pattern] }),
  portalHere,
  hasPermission: (name) => browser.permissions.contains({ permissions: [name as Permission] }),
  async changePermission(name, wanted) {
    const asked = { permissions: [name as Permission] };
    if (!wanted) return !(await browser.permissions.remove(asked));
    return browser.permissions.request(asked);
  },
  openPanel: panelOpener(),
  hasContainers: browser.contextualIdentities !== undefined,
  // Firefox's idleness knows no locked screen, and says so nowhere: its own scheme of addresses tells it.
  tellsScreen: !location.protocol.startsWith("moz-"),
  openOptions: () => void browser.runtime.openOptionsPage(),
  openWelcome: () => void browser.tabs.create({ url: browser.runtime.getURL("/welcome.html") }),
  close: () => window.close(),
  reload: () => location.reload(),
};

/** Hear what the background tells. */
export function onBackgroundMessage(listen: (message: unknown) => void): void {
  // Returning nothing leaves answers to others: the pages only listen.
  browser.runtime.onMessage.addListener((message: unknown) => {
    listen(message);
    return undefined;
  });
}
