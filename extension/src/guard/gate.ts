import type { Barred } from "../messaging/router.ts";
import type { Lock } from "./lock.ts";

/** [LK3] All that is answered while it is locked: how things stand, and the way out. */
const WHILE_LOCKED: ReadonlySet<string> = new Set([
  "state",
  "prefs",
  "portal-hints",
  "clipboard-clear",
  "clipboard-replaced",
  "unlock",
]);

/** What a page asks by itself, without a press of the user's. */
const BY_ITSELF: ReadonlySet<string> = new Set([
  "state",
  "prefs",
  "portal-hints",
  "marks",
  "clipboard-soon",
  "copy-log",
  "directory",
  "roles-of",
  "pair-state",
  "enrol-preview",
  "join-preview",
  "pair-preview",
]);

/** Before each message: is it answered now, and does it show that the user is there? */
export const gate =
  (lock: Lock): Barred =>
  async (verb) => {
    await lock.look();
    if ((await lock.isOn()) && !WHILE_LOCKED.has(verb)) return "locked";
    if (!BY_ITSELF.has(verb)) await lock.used();
    return undefined;
  };
