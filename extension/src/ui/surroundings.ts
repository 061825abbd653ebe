import browser from "webextension-polyfill";
import type { Surroundings } from "./actions.ts";

/** The browser around an extension page. */
export const browserSurroundings: Surroundings = {
  now: Date.now,
  copyText: (text) => navigator.clipboard.writeText(text),
  requestOrigin: (pattern) => browser.permissions.request({ origins: [pattern] }),
  hasPermission: (name) => browser.permissions.contains({ permissions: [name] }),
  async changePermission(name, wanted) {
    const asked = { permissions: [name] };
    if (!wanted) return !(await browser.permissions.remove(asked));
    return browser.permissions.request(asked);
  },
  openOptions: () => void browser.runtime.openOptionsPage(),
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
