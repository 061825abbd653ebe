import type { Browser } from "webextension-polyfill";
import {
  documentClipboard,
  type OffscreenApi,
  offscreenClipboard,
  type WriteClipboard,
} from "./clipboard.ts";

/** The clipboard as this browser's background reaches it: Chromium has `offscreen`, Firefox a document of its own. */
export function backgroundClipboard(browser: Browser): WriteClipboard {
  const { offscreen } = browser as Browser & { offscreen?: OffscreenApi };
  return offscreen
    ? offscreenClipboard({ offscreen, runtime: browser.runtime, later: setTimeout })
    : documentClipboard(navigator.clipboard);
}
