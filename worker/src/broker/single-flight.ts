import type { Clock, EpochMs } from "@jcfetch/shared/time";

interface Flight<T> {
  readonly outcome: Promise<T>;
  lastAskedAtMs: EpochMs;
}

/**
 * [CR2] Work under a name is done once for all who ask while it is under way. [CR3] Its outcome lives in the promise alone
 * and is forgotten when the work ends: nothing is kept for the next one who asks.
 */
export class SingleFlight<T> {
  readonly #now: Clock;
  readonly #underWay = new Map<string, Flight<T>>();

  constructor(now: Clock) {
    this.#now = now;
  }

  /** @param work is told how long ago somebody asked last: work that waits for its turn may find that all have left. */
  do(name: string, work: (sinceAskedMs: () => number) => Promise<T>): Promise<T> {
    const lastAskedAtMs = this.#now();
    const known = this.#underWay.get(name);
    if (known !== undefined) {
      known.lastAskedAtMs = lastAskedAtMs;
      return known.outcome;
    }
    const sinceAskedMs = () => this.#now() - (this.#underWay.get(name)?.lastAskedAtMs ?? lastAskedAtMs);
    const outcome = work(sinceAskedMs).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, { outcome, lastAskedAtMs });
    return outcome;
  }
}
