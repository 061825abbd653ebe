import * as v from "valibot";
import { PageGeneration, PortalStatus } from "../messaging/view.ts";

/* What is remembered of access portals: on disk, and in the browser's memory. */

const Ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** On disk: addresses and regions, no more than the browser's own history holds. */
export const KnownPortal = v.object({
  origin: v.string(),
  startUrl: v.string(),
  name: v.string(),
  /** Confirmed by AWS. */
  region: v.nullable(v.string()),
  /** Entered by the user. */
  enteredRegion: v.nullable(v.string()),
  lastUsedAtMs: Ms,
});
export type KnownPortal = v.InferOutput<typeof KnownPortal>;

/** In memory of the browser: how the session at a portal stands. Never the token. */
export const Session = v.object({
  status: PortalStatus,
  region: v.nullable(v.string()),
  expiresAtMs: v.nullable(Ms),
  directoryId: v.nullable(v.string()),
  userName: v.nullable(v.string()),
  /** Tells one sign-in from the next; null when there is no token. */
  mark: v.nullable(v.string()),
  /** Whose it is, or was before it ended, as AWS says: directory and user name. Null while nobody was known. */
  owner: v.optional(v.nullable(v.string()), null),
});
export type Session = v.InferOutput<typeof Session>;

export const PageReport = v.object({
  generation: PageGeneration,
  /** How many nodes each of our selectors found on a page that is not recognized. */
  census: v.optional(v.nullable(v.record(v.string(), v.number())), null),
});
export type PageReport = v.InferOutput<typeof PageReport>;

export const NO_SESSION: Session = {
  status: "signed-out",
  region: null,
  expiresAtMs: null,
  directoryId: null,
  userName: null,
  mark: null,
  owner: null,
};
