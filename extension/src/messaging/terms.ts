import { AccountId, DeviceId, RoleName } from "@jcfetch/shared/domain/ids";
import { AuditAct } from "@jcfetch/shared/protocol/audit-act";
import { Networks } from "@jcfetch/shared/protocol/policy";
import * as v from "valibot";

/*
 * What the user gives a terminal when they pair it, and what comes of it. Kept apart from the other views: nothing of this
 * is for the script in the portal's page.
 */

const RoleGlob = v.pipe(v.string(), v.regex(/^[\w+=,.@*-]{1,64}$/));

export const PairingTerms = v.strictObject({
  portal: v.pipe(v.string(), v.startsWith("https://"), v.maxLength(256)),
  /** Ticked one by one. */
  roles: v.pipe(v.array(v.strictObject({ account: AccountId, role: RoleName })), v.maxLength(48)),
  /** An account or all of them (`*`), and a pattern for roles. */
  rules: v.pipe(
    v.array(v.strictObject({ account: v.pipe(v.string(), v.regex(/^(?:\d{12}|\*)$/)), role: RoleGlob })),
    v.maxLength(16),
  ),
  /** `sealed`: also while the browser is closed. `relay`: only with the browser, and the broker sees nothing. */
  mode: v.picklist(["sealed", "relay"]),
  /** Names of roles that wait for the user each time, in whichever account. */
  ask: v.pipe(v.array(RoleGlob), v.maxLength(16)),
  /** Names of roles that only the browser serves. */
  sensitive: v.pipe(v.array(RoleGlob), v.maxLength(16)),
  unattended: v.boolean(),
  maxCredentialSeconds: v.pipe(v.number(), v.safeInteger(), v.minValue(900), v.maxValue(43_200)),
  maxPerMinute: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(600)),
  networks: Networks,
  /** One hour to thirty days. */
  lifetimeSeconds: v.pipe(v.number(), v.safeInteger(), v.minValue(3_600), v.maxValue(2_592_000)),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
});
export type PairingTerms = v.InferOutput<typeof PairingTerms>;

/** What a grant of these terms opens, of the roles that are known so far. */
export const PairingPreview = v.strictObject({
  opens: v.array(
    v.strictObject({
      account: AccountId,
      role: RoleName,
      mode: v.picklist(["sealed", "relay"]),
      asks: v.boolean(),
    }),
  ),
  /** Of how many roles; `complete` when every account has been asked for its roles. */
  known: v.number(),
  complete: v.boolean(),
});
export type PairingPreview = v.InferOutput<typeof PairingPreview>;

/** One entry of the audit, in the user's words where it ended in a refusal. */
export const ActivityEntry = v.strictObject({
  seq: v.number(),
  atMs: v.number(),
  act: AuditAct,
  did: v.nullable(DeviceId),
  account: v.nullable(AccountId),
  role: v.nullable(RoleName),
  /** In relay mode the broker did not learn which role it was. */
  relayed: v.boolean(),
  /** The entry whose end this is. */
  intent: v.nullable(v.number()),
  outcome: v.nullable(v.strictObject({ good: v.boolean(), text: v.string() })),
});
export type ActivityEntry = v.InferOutput<typeof ActivityEntry>;
