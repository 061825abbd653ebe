import * as v from "valibot";
import { CopyEntry, GuardPrefs, LOCK_MINUTES } from "./guard-view.ts";
import { message } from "./message.ts";

const Nothing = v.strictObject({});
const Done = v.strictObject({});
export const LockMinutes = v.union([
  v.literal(0),
  v.pipe(v.number(), v.safeInteger(), v.minValue(LOCK_MINUTES.least), v.maxValue(LOCK_MINUTES.most)),
]);

/** What the organization has set stays. @returns what is in force then */
export const guardSet = message(
  "guard-set",
  ["ui"],
  v.strictObject({ ...v.partial(GuardPrefs).entries, lockMinutes: v.optional(LockMinutes) }),
  GuardPrefs,
);

/** The list of roles is before the user: a copy is likely soon. */
export const clipboardSoon = message("clipboard-soon", ["ui"], Nothing, Done);

/** Clear the clipboard now, if what we have put there is to be cleared at all. */
export const clipboardClear = message("clipboard-clear", ["ui"], Nothing, Done);

/** Something that is no secret was copied by one of our pages in place of credentials: it is not to be cleared. */
export const clipboardReplaced = message("clipboard-replaced", ["ui"], Nothing, Done);

/** What was copied, newest first. */
export const copyLog = message("copy-log", ["ui"], Nothing, v.strictObject({ entries: v.array(CopyEntry) }));

export const copyLogClear = message("copy-log-clear", ["ui"], Nothing, Done);

export const lockNow = message("lock-now", ["ui"], Nothing, Done);

export const unlock = message("unlock", ["ui"], Nothing, Done);

/** The popup has gone to the role of the notice that was pressed. */
export const wantedTaken = message("wanted-taken", ["ui"], Nothing, Done);

export const GUARD_MESSAGES = {
  guardSet,
  clipboardSoon,
  clipboardClear,
  clipboardReplaced,
  copyLog,
  copyLogClear,
  lockNow,
  unlock,
  wantedTaken,
} as const;
