import { AccountId, DeviceId } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { ACCESS_MESSAGES } from "./access-messages.ts";
import { CONFIRM_MESSAGES } from "./confirm-messages.ts";
import { GUARD_MESSAGES } from "./guard-messages.ts";
import { join, joinPreview } from "./join-messages.ts";
import { message } from "./message.ts";
import { Copied } from "./page-messages.ts";
import { PortalMark } from "./portal-mark.ts";
import { SWITCHER_MESSAGES } from "./switcher-messages.ts";
import { ActivityEntry, PairingPreview, PairingTerms } from "./terms.ts";
import { TRANSFER_MESSAGES } from "./transfer-messages.ts";
import {
  AskedOutcome,
  CopyFormat,
  DirectoryView,
  PairingView,
  PortalRole,
  Prefs,
  type Problem,
  ViewState,
} from "./view.ts";

/*
 * Every message between the extension's contexts: what goes in, what comes out. Send one with `ask` (ask.ts), which
 * gives a `Reply`. The background checks who sent it before it reads a word of it (sender.ts).
 *
 *   page   from the content script in the top frame of a recognized portal. Answers never hold a secret.
 *   ui     from the extension's own pages: popup, options.
 */

export type { Message, SenderClass } from "./message.ts";
export { PAGE_MESSAGES } from "./page-messages.ts";

/** How every message is answered. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

const Nothing = v.strictObject({});
const Done = v.strictObject({});
const Ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Origin = v.pipe(v.string(), v.startsWith("https://"), v.maxLength(256));
const ShortText = v.pipe(v.string(), v.maxLength(128));

// ── From popup and options: state and roles ───────────────────────────────────────────────────────────────────────

/** Everything but the directory and the pairing. Quick: answered from what is known, then `changed` follows. */
export const state = message("state", ["ui"], Nothing, ViewState);

/**
 * Accounts and roles of one portal as far as known, at once. Starts or goes on with reading when they are older than
 * fifteen minutes or incomplete, or when `refresh` is set; `changed: directory` events follow.
 */
export const directory = message(
  "directory",
  ["ui"],
  v.strictObject({ portal: Origin, refresh: v.optional(v.boolean()) }),
  DirectoryView,
);

/** Roles of one account, asked ahead of the queue: for an account the user just opened. */
export const rolesOf = message(
  "roles-of",
  ["ui"],
  v.strictObject({ portal: Origin, account: AccountId }),
  v.strictObject({ roles: v.array(v.string()) }),
);

export const copyRole = message(
  "copy-role",
  ["ui"],
  v.strictObject({ ...PortalRole.entries, format: CopyFormat }),
  Copied,
);

/** Opens the AWS console in a new tab. `destination` must be an https address of the AWS console. */
export const openConsole = message(
  "open-console",
  ["ui"],
  v.strictObject({
    ...PortalRole.entries,
    destination: v.optional(v.pipe(v.string(), v.maxLength(2_048))),
  }),
  Done,
);

/**
 * Opens the sign-in: the portal's start URL, which leads through JumpCloud. Without `portal`, the last used one. When no
 * portal is known yet: the link to AWS that JumpCloud shows its user, and where that is not one link, JumpCloud itself.
 * With `through` always the latter. `no-portal` for a portal that is not in the list. A portal whose session lives is only opened.
 */
export const signIn = message(
  "sign-in",
  ["ui"],
  v.strictObject({ portal: v.optional(Origin), through: v.optional(v.literal("jumpcloud")) }),
  Done,
);

/** The color and shape by which the user tells a portal from others. */
export const portalMarkSet = message(
  "portal-mark-set",
  ["ui"],
  v.strictObject({ portal: Origin, mark: PortalMark }),
  Done,
);

/** Act as whoever is signed in in this cookie store, one of `others`. `signed-out` when nobody is any more. */
export const portalUser = message(
  "portal-user",
  ["ui"],
  v.strictObject({ portal: Origin, store: ShortText }),
  Done,
);

/** Asks AWS anew how the session at a portal stands. */
export const portalCheck = message("portal-check", ["ui"], v.strictObject({ portal: Origin }), Done);

/** Asks JumpCloud whether a session is live (on the user's action only), for the session strip. */
export const checkJumpcloud = message("check-jumpcloud", ["ui"], Nothing, Done);

/** Opens JumpCloud's user console in a tab. */
export const openJumpcloud = message("open-jumpcloud", ["ui"], Nothing, Done);

/**
 * A portal the user names: start URL in any spelling, and the region where nothing else told it. `permission` when the
 * portal is on one of AWS's newer hosts: the page then asks for `<origin>/*` from the click and sends this again.
 */
export const portalAdd = message(
  "portal-add",
  ["ui"],
  v.strictObject({
    startUrl: v.pipe(v.string(), v.maxLength(512)),
    region: v.optional(ShortText),
  }),
  v.strictObject({ origin: Origin }),
);

export const portalRemove = message("portal-remove", ["ui"], v.strictObject({ portal: Origin }), Done);

/** Regions the user can choose from for `portalAdd`. */
export const regions = message("regions", ["ui"], Nothing, v.strictObject({ regions: v.array(v.string()) }));

export const prefsSet = message("prefs-set", ["ui"], v.strictObject(v.partial(Prefs).entries), Prefs);

export const favoriteSet = message(
  "favorite-set",
  ["ui"],
  v.strictObject({ ...PortalRole.entries, on: v.boolean() }),
  Done,
);

// ── From popup and options: broker and terminals ──────────────────────────────────────────────────────────────────

/**
 * Enrol at a broker with its one-use code (`jcb1_…`), or with the code of a terminal that sets all up (`jcs1_…`): then a
 * pairing has begun, too. Codes: `code-unreadable`, `enrolment-refused`,
 * `broker-unreachable`, `answer-refused`, and `permission` when the broker's origin was not granted: the page then calls
 * `permissions.request` itself from the click and asks again.
 */
export const enrol = message(
  "enrol",
  ["ui"],
  v.strictObject({ code: v.pipe(v.string(), v.maxLength(1_024)) }),
  v.strictObject({ url: v.string(), bid: v.string(), setup: v.boolean() }),
);

/**
 * Reads a code without using it: the origin pattern to ask permission for, null when none is needed; whether it pairs a
 * terminal, too; and the address of the broker that it would take the place of.
 */
export const enrolPreview = message(
  "enrol-preview",
  ["ui"],
  v.strictObject({ code: v.pipe(v.string(), v.maxLength(1_024)) }),
  v.strictObject({
    url: v.string(),
    permission: v.nullable(v.string()),
    setup: v.boolean(),
    replaces: v.nullable(v.string()),
  }),
);

/** Forget the broker: every terminal is revoked there first, when it can be reached. */
export const unenrol = message("unenrol", ["ui"], Nothing, Done);

export const pairStart = message("pair-start", ["ui"], Nothing, PairingView);

/** Where the pairing stands; also wakes it after the background was put to sleep. */
export const pairState = message("pair-state", ["ui"], Nothing, PairingView);

/** One try. Wrong words end the pairing: the answer is then `failed` with `pairing-words`. */
export const pairWords = message(
  "pair-words",
  ["ui"],
  v.strictObject({ words: v.pipe(v.string(), v.maxLength(256)) }),
  PairingView,
);

/** What would be opened, computed from the very terms that `pairApprove` signs. */
export const pairPreview = message("pair-preview", ["ui"], PairingTerms, PairingPreview);

/** `opens-nothing` when no known role of the user would be opened. */
export const pairApprove = message("pair-approve", ["ui"], PairingTerms, PairingView);

export const pairCancel = message("pair-cancel", ["ui"], Nothing, Done);

export const deviceRevoke = message("device-revoke", ["ui"], v.strictObject({ did: DeviceId }), Done);

/** Lift the lock of one terminal. */
export const deviceUnlock = message("device-unlock", ["ui"], v.strictObject({ did: DeviceId }), Done);

/**
 * Lock every terminal, or lift that. It holds in this browser at once; `broker-unreachable` means that the broker has yet to
 * be told, which goes on by itself.
 */
export const lockAll = message("lock-all", ["ui"], v.strictObject({ lock: v.boolean() }), Done);

/** The user's answer to the question shown. `digits` null refuses. `no-question` when it is over. */
export const approvalAnswer = message(
  "approval-answer",
  ["ui"],
  v.strictObject({
    id: v.pipe(v.string(), v.maxLength(64)),
    digits: v.nullable(v.pipe(v.string(), v.regex(/^\d{2}$/))),
  }),
  v.strictObject({ outcome: AskedOutcome }),
);

/** What happened, newest first; `before` of the answer leads on to older entries. */
export const activity = message(
  "activity",
  ["ui"],
  v.strictObject({ before: v.nullable(Ms) }),
  v.strictObject({ entries: v.array(ActivityEntry), before: v.nullable(Ms) }),
);

/** The user lets a broker whose memory was set back go on from what it shows now. */
export const brokerAccept = message("broker-accept", ["ui"], Nothing, Done);

export const UI_MESSAGES = {
  ...ACCESS_MESSAGES,
  state,
  directory,
  rolesOf,
  copyRole,
  openConsole,
  signIn,
  checkJumpcloud,
  openJumpcloud,
  portalAdd,
  portalCheck,
  portalMarkSet,
  portalUser,
  portalRemove,
  regions,
  prefsSet,
  favoriteSet,
  ...SWITCHER_MESSAGES,
  enrol,
  enrolPreview,
  joinPreview,
  join,
  unenrol,
  pairStart,
  pairState,
  pairWords,
  pairPreview,
  pairApprove,
  pairCancel,
  deviceRevoke,
  deviceUnlock,
  lockAll,
  approvalAnswer,
  activity,
  brokerAccept,
  ...GUARD_MESSAGES,
  ...CONFIRM_MESSAGES,
  ...TRANSFER_MESSAGES,
} as const;

// ── From the background to whoever is open ────────────────────────────────────────────────────────────────────────

/** Something shown has changed: ask again for it. Sent to the extension's own pages only; it carries nothing else. */
export const Changed = v.strictObject({
  event: v.literal("changed"),
  what: v.picklist(["state", "directory", "pairing"]),
});
export type Changed = v.InferOutput<typeof Changed>;
