import type { Clock } from "./time.ts";

export interface PaceOptions {
  /** Calls a second at the most; the pace starts there. */
  readonly perSecond: number;
  readonly now: Clock;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** From 0 to 1: spreads the pauses of programs that were refused together. Without it, none is spread. */
  readonly random?: () => number;
}

const SLOWEST_PER_SECOND = 1;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 20_000;
/** What AWS asks for is heeded longer than what is guessed, and not for ever. */
const LONGEST_HEEDED_MS = 120_000;
const SPEED_UP_PER_SECOND = 0.25;
const MOST_JITTER = 0.25;

/**
 * Spreads calls so that AWS does not throttle, and yields when it does: half the speed and a pause for everybody, then
 * slowly faster again.
 */
export class Pace {
  readonly #options: PaceOptions;
  #perSecond: number;
  #nextAtMs = 0;
  #refusals = 0;
  #pausedUntilMs = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#perSecond = options.perSecond;
  }

  /** AWS has lately asked for less. */
  get throttled(): boolean {
    return this.#refusals > 0;
  }

  /** Wait for the turn. Turns are given in the order in which they were asked for. */
  async turn(): Promise<void> {
    const now = this.#options.now();
    const at = Math.max(now, this.#nextAtMs);
    this.#nextAtMs = at + 1_000 / this.#perSecond;
    if (at > now) await this.#options.wait(at - now);
  }

  went(): void {
    this.#refusals = 0;
    this.#perSecond = Math.min(this.#options.perSecond, this.#perSecond + SPEED_UP_PER_SECOND);
  }

  /** Calls that were on their way together are refused together: during the pause that is no news. */
  refused(retryAfterMs?: number): void {
    const now = this.#options.now();
    if (now < this.#pausedUntilMs) return;
    const jitter = 1 + MOST_JITTER * (this.#options.random?.() ?? 0);
    const guessed = Math.min(FIRST_PAUSE_MS * 2 ** this.#refusals, LONGEST_PAUSE_MS);
    const pause = retryAfterMs === undefined ? guessed : Math.min(retryAfterMs, LONGEST_HEEDED_MS);
    this.#refusals += 1;
    this.#perSecond = Math.max(SLOWEST_PER_SECOND, this.#perSecond / 2);
    this.#pausedUntilMs = now + pause * jitter;
    this.#nextAtMs = Math.max(this.#nextAtMs, this.#pausedUntilMs);
  }
}
