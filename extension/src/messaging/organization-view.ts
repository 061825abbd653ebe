import * as v from "valibot";

const Text = v.string();
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What the company that manages this browser has laid down; null where it says nothing. */
export const OrganizationView = v.strictObject({
  portals: v.nullable(v.array(Text)),
  broker: v.nullable(Text),
  formats: v.nullable(v.array(Text)),
  /** How many. */
  accountRules: Count,
  clipboardSeconds: v.nullable(Count),
  lockAfterMinutes: v.nullable(Count),
  popupCopy: v.nullable(v.boolean()),
  containers: v.nullable(v.boolean()),
  /** Members of the policy that could not be read; the strictest holds in their place. */
  faults: v.array(Text),
});
export type OrganizationView = v.InferOutput<typeof OrganizationView>;
