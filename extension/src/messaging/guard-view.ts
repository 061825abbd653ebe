import { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";

/* What keeps a browser that was left open from giving: settings of it, and how it stands. No secret in here. */

const Text = v.string();
const Ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Origin = v.pipe(v.string(), v.startsWith("https://"), v.maxLength(256));

/** Shorter than half a minute no browser's alarm is. */
export const CLIPBOARD_SECONDS = { least: 30, most: 90, usual: 60 } as const;
export const LOCK_MINUTES = { least: 5, most: 120 } as const;

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

export const GuardPrefs = v.strictObject({
  clipboardSeconds: whole(CLIPBOARD_SECONDS.least, CLIPBOARD_SECONDS.most),
  /** Write down which roles were copied when. */
  copyLog: v.boolean(),
  /** 0: never. The user chooses within `LOCK_MINUTES`; an organization as it likes. */
  lockMinutes: whole(0, 24 * 60),
  lockWithScreen: v.boolean(),
  /** So long before copied credentials end they are spoken of; 0: never. */
  noticeMinutes: v.picklist([0, 5, 10, 15]),
  /** Speak of a portal session ten minutes before its end. */
  noticeSession: v.boolean(),
});
export type GuardPrefs = v.InferOutput<typeof GuardPrefs>;

/** Why it is locked. */
export const LockCause = v.picklist(["idle", "screen", "user"]);
export type LockCause = v.InferOutput<typeof LockCause>;

/** Credentials that lie on the clipboard and will be cleared. */
export const ClipView = v.strictObject({
  account: AccountId,
  role: RoleName,
  accountName: v.nullable(Text),
  clearsAtMs: Ms,
  /** It can be looked whether they still are what lies there. */
  certain: v.boolean(),
});
export type ClipView = v.InferOutput<typeof ClipView>;

export const GuardView = v.strictObject({
  /** As they are in force. */
  prefs: GuardPrefs,
  /** Names of those that the organization has set. */
  managed: v.array(v.keyof(GuardPrefs)),
  clip: v.nullable(ClipView),
  locked: v.nullable(LockCause),
  /** A notice was pressed: the popup opens on this role. */
  wanted: v.nullable(v.strictObject({ portal: Origin, account: AccountId, role: RoleName })),
});
export type GuardView = v.InferOutput<typeof GuardView>;

/** One copy that was made. Never what was copied. */
export const CopyEntry = v.strictObject({
  portal: Origin,
  account: AccountId,
  accountName: v.nullable(Text),
  role: RoleName,
  format: Text,
  from: v.picklist(["popup", "portal"]),
  atMs: Ms,
  expiresAtMs: Ms,
});
export type CopyEntry = v.InferOutput<typeof CopyEntry>;
