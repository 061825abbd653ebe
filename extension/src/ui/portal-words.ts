import type { PortalView } from "../messaging/view.ts";
import { t, type WordKey } from "../words.ts";

const STATUS_WORD = {
  live: "session.live",
  expired: "session.expired",
  "signed-out": "session.signedOut",
  "region-unknown": "session.regionUnknown",
  unconfirmed: "session.unconfirmed",
} as const satisfies Record<PortalView["status"], WordKey>;

/** What the browser has not allowed comes first: without it nothing is known of the session. */
export const statusWord = ({ status, missing }: Pick<PortalView, "status" | "missing">): string =>
  t(missing.length > 0 ? "session.notAllowed" : STATUS_WORD[status]);
