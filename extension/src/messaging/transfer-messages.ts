import { AccountId } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { LockMinutes } from "./guard-messages.ts";
import { GuardPrefs } from "./guard-view.ts";
import { message } from "./message.ts";
import { AccountRule, PortalRole, Prefs } from "./view.ts";

/** More than a file that is read can hold. What is taken over of it is less: transfer/apply.ts. */
const MAX_ITEMS = 100_000;

/** What a file changes, as its user has looked it over. */
export const TransferParts = v.strictObject({
  prefs: v.strictObject(v.partial(Prefs).entries),
  guard: v.strictObject({ ...v.partial(GuardPrefs).entries, lockMinutes: v.optional(LockMinutes) }),
  labels: v.pipe(
    v.array(
      v.strictObject({
        portal: PortalRole.entries.portal,
        account: AccountId,
        label: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
      }),
    ),
    v.maxLength(MAX_ITEMS),
  ),
  favorites: v.pipe(v.array(PortalRole), v.maxLength(MAX_ITEMS)),
  rules: v.pipe(v.array(AccountRule), v.maxLength(MAX_ITEMS)),
});
export type TransferParts = v.InferOutput<typeof TransferParts>;

/**
 * Take it over, all of it or nothing. What is there stays, but where the file says otherwise. `too-many-rules`,
 * `too-many-labels`, `too-many-favorites`.
 */
export const transferApply = message("transfer-apply", ["ui"], TransferParts, v.strictObject({}));

export const TRANSFER_MESSAGES = { transferApply } as const;
