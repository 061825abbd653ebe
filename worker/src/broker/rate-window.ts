import type { EpochSeconds } from "@jcfetch/shared/time";

/**
 * What is counted apart, since one fetch of credentials may want its envelope and an approval first: taking envelopes,
 * fetching credentials, asking the user, looking at presence and audit.
 */
export type Counted = "takes" | "fetches" | "asks" | "looks";

/** A minute that begins with its first request. */
export type RateWindow = { readonly startsAt: EpochSeconds } & Readonly<Record<Counted, number>>;

const WINDOW_SECONDS = 60;

export const NO_REQUESTS: RateWindow = { startsAt: 0, takes: 0, fetches: 0, asks: 0, looks: 0 };

/** [CR10] Count one request. @returns the new window, and how long to wait if this one was too many. */
export function count(
  before: RateWindow,
  kind: Counted,
  now: EpochSeconds,
  perMinute: number,
): { window: RateWindow; retryAfterSeconds?: number } {
  const isOver = now >= before.startsAt + WINDOW_SECONDS || now < before.startsAt;
  const window = isOver ? { ...NO_REQUESTS, startsAt: now } : before;
  if (window[kind] < perMinute) return { window: { ...window, [kind]: window[kind] + 1 } };
  return { window, retryAfterSeconds: window.startsAt + WINDOW_SECONDS - now };
}
