import * as v from "valibot";

/** What an entry of the audit is about. */
export const AuditAct = v.picklist([
  "enrol",
  "grant",
  "deposit",
  "drop",
  "leave",
  "revoke",
  /** Credentials were asked for; what came of it stands in a later entry that names this one's number. */
  "fetch",
  "fetched",
  /** The extension was asked for a person's approval. */
  "ask",
  "asked",
  /** Two holders of one device's keys were seen. */
  "fork",
  /** A device knew more than the broker: its storage had been set back. */
  "regress",
  /** Its user went on all the same: numbers continue behind what a device knows to have been. */
  "skip",
]);
export type AuditAct = v.InferOutput<typeof AuditAct>;
