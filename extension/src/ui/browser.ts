import type { Browser } from "webextension-polyfill";

/*
 * The browser's own API, for pages, which only ask: its promises need no help there, and the polyfill would be a tenth of what the popup
 * loads. The background keeps it, because Chromium takes no promise for an answer to a message.
 */

interface Apis {
  readonly browser?: Browser;
  readonly chrome?: Browser;
}

const { browser: named, chrome } = globalThis as Apis;

export const browser = (named?.runtime?.id ? named : chrome) as Browser;
