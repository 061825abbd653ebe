import type { Browser } from "webextension-polyfill";

/*
 * The browser's own API. Both kinds of browser give promises by now, so it needs no polyfill; the one thing that Chromium does not
 * take, a promise for an answer to a message, the background does without.
 */

interface Apis {
  readonly browser?: Browser;
  readonly chrome?: Browser;
}

const { browser: named, chrome } = globalThis as Apis;

export const browser = (named?.runtime?.id ? named : chrome) as Browser;
