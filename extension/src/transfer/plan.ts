import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { parsePortalUrl } from "@jcfetch/shared/domain/portal";
import type { GuardPrefs } from "../messaging/guard-view.ts";
import type { AccountRule, Prefs } from "../messaging/view.ts";

/** Where a file comes from: ourselves, AWS Extend Switch Roles, AWS SSO Extender, the AWS CLI's configuration. */
export type ImportKind = "jcfetch" | "extend-switch-roles" | "sso-extender" | "aws-config";

/** Why something of a file is left out. */
export type SkipReason =
  | "not-a-line"
  | "no-account"
  | "not-used"
  | "several-names"
  | "not-identity-center"
  | "internal-id"
  | "unreadable";

export interface Skipped {
  /** Counted from 1; null where a file has no lines that count. */
  readonly line: number | null;
  readonly text: string;
  readonly why: SkipReason;
}

/** Null where the file does not say which access portal: the user does. */
type Portal = string | null;

export interface ImportedLabel {
  readonly portal: Portal;
  readonly account: AccountId;
  readonly label: string;
}

export interface ImportedRole {
  readonly portal: Portal;
  readonly account: AccountId;
  readonly role: RoleName;
}

/** What a file would change, before anything is changed. */
export interface ImportPlan {
  readonly kind: ImportKind;
  readonly prefs: Partial<Prefs>;
  readonly guard: Partial<GuardPrefs>;
  readonly labels: readonly ImportedLabel[];
  readonly favorites: readonly ImportedRole[];
  readonly rules: readonly AccountRule[];
  readonly skipped: readonly Skipped[];
}

export const emptyPlan = (kind: ImportKind): ImportPlan => ({
  kind,
  prefs: {},
  guard: {},
  labels: [],
  favorites: [],
  rules: [],
  skipped: [],
});

/** More than anybody has; what is longer is not read. */
export const MAX_IMPORT_CHARS = 2_000_000;
export const MAX_LABEL_CHARS = 60;
const MAX_SHOWN_CHARS = 80;

/** A line of somebody's file in a message: short, and without what could hide in it. */
export const shown = (text: string, chars = MAX_SHOWN_CHARS): string =>
  text.replace(/\p{C}/gu, " ").trim().slice(0, chars).replace(/\p{C}/gu, "").trim(); // half a sign at the cut is one

/** The origin of a start URL, if it is one. */
export function portalOf(startUrl: string | undefined): Portal {
  const portal = startUrl === undefined ? undefined : parsePortalUrl(startUrl);
  return portal?.ok ? portal.value.origin : null;
}
