import type { EpochMs } from "@jcfetch/shared/time";
import { iconLook, nextLookMs, PAGE_DOT } from "./expiry.ts";
import type { PortalSessions } from "./portal-session.ts";

/** The part of `browser.action` that is needed here. */
export interface ActionApi {
  setIcon(details: { path: Record<string, string> }): Promise<unknown>;
  setBadgeText(details: { text: string }): Promise<unknown>;
  setBadgeBackgroundColor(details: { color: string }): Promise<unknown>;
  setTitle(details: { title: string }): Promise<unknown>;
}

const SIZES = ["16", "32", "48"];
/** Amber, dark enough for the white digits the browser puts on it. */
const BADGE_COLOR = "#9a5b00";
const DOT_COLOR = "#6b7280";

/** Draw the toolbar's icon. @param wants what waits for the user, in a few words. @returns when it must be drawn anew, if nothing else happens before. */
export async function showIcon(
  action: ActionApi,
  sessions: PortalSessions,
  wants: string | undefined,
  now: EpochMs,
): Promise<EpochMs | undefined> {
  const portals = await sessions.portals();
  const ends = await Promise.all(
    portals.map(async ({ origin, name }) => {
      const { status, expiresAtMs } = await sessions.session(origin);
      return { alias: name, endsAtMs: status === "live" ? expiresAtMs : null };
    }),
  );
  const pages = await Promise.all(portals.map(({ origin }) => sessions.page(origin)));
  const pageUnknown = pages.some((page) => page?.generation === "unknown" || page?.generation === "gen1");
  const { icon, badge, title } = iconLook(ends, now, wants, pageUnknown);
  const path = Object.fromEntries(SIZES.map((size) => [size, `/icons/${icon}-${size}.png`]));
  await Promise.all([
    action.setIcon({ path }),
    action.setBadgeText({ text: badge }),
    action.setBadgeBackgroundColor({ color: badge === PAGE_DOT ? DOT_COLOR : BADGE_COLOR }),
    action.setTitle({ title }),
  ]);
  return nextLookMs(ends, now);
}
