import * as v from "valibot";
import { PortalMark } from "./portal-mark.ts";

const Text = v.string();
const Ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Origin = v.pipe(v.string(), v.startsWith("https://"), v.maxLength(256));

/**
 * `live`: signed in, confirmed by AWS. `expired`: it was, and the end has passed. `signed-out`: no session.
 * `region-unknown`: signed in, but the region could not be found; the user must give it (`portalAdd`).
 * `unconfirmed`: signed in, but AWS could not be asked (offline, throttled).
 */
export const PortalStatus = v.picklist(["live", "expired", "signed-out", "region-unknown", "unconfirmed"]);
export type PortalStatus = v.InferOutput<typeof PortalStatus>;

/** What the content script last saw on this portal's page. `unknown`: AWS changed the page, so buttons are missing. */
export const PageGeneration = v.picklist(["gen1", "gen2", "gen3", "unknown"]);
export type PageGeneration = v.InferOutput<typeof PageGeneration>;

export const PortalView = v.strictObject({
  origin: Origin,
  startUrl: Text,
  /** Alias, directory id or instance id in the address: what the chip says. */
  alias: Text,
  region: v.nullable(Text),
  userName: v.nullable(Text),
  directoryId: v.nullable(Text),
  expiresAtMs: v.nullable(Ms),
  status: PortalStatus,
  mark: PortalMark,
  page: v.nullable(PageGeneration),
  /** Of a page that is not recognized: how many nodes each of our selectors found. */
  census: v.nullable(v.record(Text, Ms)),
  /** Who else is signed in here, each in a container of their own; live sessions only. */
  others: v.array(v.strictObject({ store: Text, userName: v.nullable(Text), expiresAtMs: v.nullable(Ms) })),
  /** What the browser would have to allow for it to work: patterns to ask for from a press. */
  missing: v.array(Text),
});
export type PortalView = v.InferOutput<typeof PortalView>;
