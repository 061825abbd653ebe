import { type EpochMs, MINUTE_MS } from "@jcfetch/shared/time";

/** When the end is this near, icon and badge say so. */
export const NEAR_END_MS = 10 * MINUTE_MS;

/** `off`: nothing to do yet. `idle`: signed out. `live`: a session is there. `attention`: it ends soon. */
export type IconState = "off" | "idle" | "live" | "attention";

export interface IconLook {
  readonly icon: IconState;
  readonly badge: string;
  readonly title: string;
}

interface SessionEnd {
  readonly alias: string;
  /** Null when there is no live session. */
  readonly endsAtMs: EpochMs | null;
}

/** [PB5] A page of a portal has no buttons of ours: to be seen by who looks, and no reason to look. */
export const PAGE_DOT = "•";

/**
 * What the toolbar shows: what waits for the user, else the session that ends first.
 * @param pageUnknown a portal's page is not recognized
 */
export function iconLook(
  sessions: readonly SessionEnd[],
  now: EpochMs,
  wants?: string,
  pageUnknown = false,
): IconLook {
  const look = lookOf(sessions, now, wants);
  return look.badge === "" && pageUnknown ? { ...look, badge: PAGE_DOT } : look;
}

function lookOf(sessions: readonly SessionEnd[], now: EpochMs, wants?: string): IconLook {
  if (wants !== undefined) return { icon: "attention", badge: "1", title: `jcfetch: ${wants}` };
  if (sessions.length === 0) return { icon: "off", badge: "", title: "jcfetch" };
  const next = soonest(sessions, now);
  if (!next) return { icon: "idle", badge: "", title: "jcfetch: signed out" };
  const leftMs = next.endsAtMs - now;
  const left = describeLeft(leftMs);
  const title = `jcfetch: ${next.alias}, ${left} left`;
  return leftMs <= NEAR_END_MS
    ? { icon: "attention", badge: left, title }
    : { icon: "live", badge: "", title };
}

/** When to look again: as the end comes near, then each minute, then at the end. */
export function nextLookMs(sessions: readonly SessionEnd[], now: EpochMs): EpochMs | undefined {
  const next = soonest(sessions, now);
  if (!next) return undefined;
  const nearAt = next.endsAtMs - NEAR_END_MS;
  return now < nearAt ? nearAt : Math.min(now + MINUTE_MS, next.endsAtMs);
}

/** `7 h 12 m`, `9 m`; a started minute counts, so it never says `0 m` while the session lives. */
export function describeLeft(leftMs: number): string {
  const minutes = Math.max(0, Math.ceil(leftMs / MINUTE_MS));
  return minutes < 60 ? `${minutes} m` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

function soonest(
  sessions: readonly SessionEnd[],
  now: EpochMs,
): { alias: string; endsAtMs: EpochMs } | undefined {
  return sessions
    .flatMap(({ alias, endsAtMs }) => (endsAtMs !== null && endsAtMs > now ? [{ alias, endsAtMs }] : []))
    .sort((a, b) => a.endsAtMs - b.endsAtMs)[0];
}
