import { AccountId } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { message } from "./message.ts";
import { AccountRule, PortalRole, SwitcherChoices } from "./view.ts";

const Done = v.strictObject({});
const Nothing = v.strictObject({});

/** The user's own rules, whole and in order. */
export const rulesSet = message(
  "rules-set",
  ["ui"],
  v.strictObject({ rules: v.pipe(v.array(AccountRule), v.maxLength(100)) }),
  Done,
);

/** What the user calls an account; an empty text takes the label away. */
export const labelSet = message(
  "label-set",
  ["ui"],
  v.strictObject({
    portal: PortalRole.entries.portal,
    account: AccountId,
    label: v.pipe(v.string(), v.maxLength(200)),
  }),
  Done,
);

/** A favorite one place up or down among those of its portal. */
export const favoriteMove = message(
  "favorite-move",
  ["ui"],
  v.strictObject({ ...PortalRole.entries, step: v.picklist([1, -1]) }),
  Done,
);

export const recentsClear = message("recents-clear", ["ui"], Nothing, Done);

/** Switching recents off forgets them. */
export const choicesSet = message(
  "choices-set",
  ["ui"],
  v.strictObject(v.partial(SwitcherChoices).entries),
  SwitcherChoices,
);

/** The user no longer wants the copy that waits for a sign-in. */
export const waitingDrop = message("waiting-drop", ["ui"], Nothing, Done);

export const SWITCHER_MESSAGES = {
  rulesSet,
  labelSet,
  favoriteMove,
  recentsClear,
  choicesSet,
  waitingDrop,
} as const;
