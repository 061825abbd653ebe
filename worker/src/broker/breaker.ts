import { type EpochMs, SECOND_MS } from "@jcfetch/shared/time";

/** How AWS has answered one user lately. */
export interface Breaker {
  /** In a row, up to now. */
  readonly failures: number;
  /** AWS is left alone until then; afterwards one request tries. */
  readonly openUntil: EpochMs;
}

export const CLOSED: Breaker = { failures: 0, openUntil: 0 };

const MAX_FAILURES = 3;
const LONGEST_MS = 30 * SECOND_MS;
/** What AWS asks for is heeded, but not for ever. */
const LONGEST_ASKED_MS = 300 * SECOND_MS;

/**
 * [CR11] One more failure: throttled, broken or silent. Refusals that mean something, of a session or a role, are none.
 *
 * @param askedMs what AWS named in `Retry-After`.
 */
export function failed({ failures }: Breaker, now: EpochMs, askedMs = 0): Breaker {
  const count = failures + 1;
  if (count < MAX_FAILURES) return { failures: count, openUntil: 0 };
  const ownMs = Math.min(SECOND_MS * 2 ** (count - MAX_FAILURES), LONGEST_MS);
  return { failures: count, openUntil: now + Math.max(ownMs, Math.min(askedMs, LONGEST_ASKED_MS)) };
}

export const hasTripped = ({ failures }: Breaker): boolean => failures >= MAX_FAILURES;
