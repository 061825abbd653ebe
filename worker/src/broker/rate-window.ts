import type { EpochSeconds } from "@jcfetch/shared/time";

/** A minute that begins with its first request. */
export interface RateWindow {
  readonly startsAt: EpochSeconds;
  readonly count: number;
}

const WINDOW_SECONDS = 60;

export const NO_REQUESTS: RateWindow = { startsAt: 0, count: 0 };

/** [CR10] Count one request. @returns the new window, and how long to wait if this one was too many. */
export function count(
  window: RateWindow,
  now: EpochSeconds,
  perMinute: number,
): { window: RateWindow; retryAfterSeconds?: number } {
  const isOver = now >= window.startsAt + WINDOW_SECONDS || now < window.startsAt;
  if (isOver) return { window: { startsAt: now, count: 1 } };
  if (window.count < perMinute) return { window: { ...window, count: window.count + 1 } };
  return { window, retryAfterSeconds: window.startsAt + WINDOW_SECONDS - now };
}
