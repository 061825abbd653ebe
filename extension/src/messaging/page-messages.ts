import { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { message } from "./message.ts";
import { CopyFormat, PageGeneration, Prefs } from "./view.ts";

/* What the page of a portal may say, and what it is told: names and times, never a secret. */

const Nothing = v.strictObject({});
const Done = v.strictObject({});
const Ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ShortText = v.pipe(v.string(), v.maxLength(128));

/** Credentials are on the clipboard. `label` says which, for people: `Data PowerUser`. */
export const Copied = v.strictObject({ expiresAtMs: Ms, label: v.string() });

/** [PB3] Nothing was copied: the role is of a production account, and the popup asks whether it is meant. */
const Asked = v.strictObject({ confirm: v.literal(true) });

/** Copy a role of the portal the sender stands on. Which portal that is, the browser says, not the message. */
export const copy = message(
  "copy",
  ["page"],
  v.strictObject({ account: AccountId, role: RoleName, format: CopyFormat }),
  v.union([Copied, Asked]),
);

/** What can be copied of a role that is no secret. */
export const RoleText = v.picklist(["account-id", "role-arn", "sso-profile", "process-profile"]);
export type RoleText = v.InferOutput<typeof RoleText>;

export const copyText = message(
  "copy-text",
  ["page"],
  v.strictObject({ account: AccountId, role: RoleName, what: RoleText }),
  Done,
);

/** How many nodes of a page each of our selectors finds: no text, no id, nothing of the page itself. */
export const Census = v.record(
  v.pipe(v.string(), v.regex(/^[a-zA-Z]{1,32}$/)),
  v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000)),
);
export type Census = v.InferOutput<typeof Census>;

/** What the page gives away about itself. Untrusted: a region counts only when the portal API confirms it. */
export const portalHints = message(
  "portal-hints",
  ["page"],
  v.strictObject({
    /** Most reliable source first; any text, the background drops what is no region. */
    regionHints: v.pipe(v.array(ShortText), v.maxLength(16)),
    generation: PageGeneration,
    /** Role rows that got a button. */
    rows: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    /** Of a page that is not recognized. */
    census: v.optional(Census),
  }),
  Done,
);

export const prefs = message("prefs", ["page", "ui"], Nothing, Prefs);

/** The user chose another format in the button's menu; remembered as the default. */
export const formatSet = message("format-set", ["page"], v.strictObject({ format: CopyFormat }), Done);

/** What stands beside an account in the page: its label, what kind of place it is, and credentials that still live. */
export const AccountMark = v.strictObject({
  account: AccountId,
  label: v.nullable(v.string()),
  environment: v.nullable(v.picklist(["prod", "staging", "dev"])),
  copiedAtMs: v.nullable(Ms),
  expiresAtMs: v.nullable(Ms),
});
export type AccountMark = v.InferOutput<typeof AccountMark>;

/** Of the accounts that the page shows, those of which there is something to say. */
export const marks = message(
  "marks",
  ["page"],
  v.strictObject({ accounts: v.pipe(v.array(AccountId), v.maxLength(1_000)) }),
  v.strictObject({ marks: v.array(AccountMark) }),
);

export const PAGE_MESSAGES = { copy, copyText, portalHints, prefs, formatSet, marks } as const;
