import type { Browser } from "webextension-polyfill";
import {
  documentClipboard,
  type OffscreenApi,
  offscreenClipboard,
  type ReachClipboard,
} from "./clipboard.ts";

/** The clipboard as this browser's background reaches it: Chromium has `offscreen`, Firefox a document of its own. */
export function backgroundClipboard(browser: Browser): ReachClipboard {
  const { offscreen } = browser as Browser & { offscreen?: OffscreenApi };
  const mayLook = (): Promise<boolean> => browser.permissions.contains({ permissions: ["clipboardRead"] });
  return offscreen
    ? offscreenClipboard({ offscreen, runtime: browser.runtime, later: setTimeout, mayLook })
    : documentClipboard(navigator.clipboard, mayLook);
}
