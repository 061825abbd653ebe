import type { EpochSeconds } from "@jcfetch/shared/time";

/** Somebody who wants AWS to be asked. Neither value is proof of anything: anyone can make a new user. */
export interface MembershipAttempt {
  readonly uid: string;
  /** Where the platform saw the caller, when it can tell. */
  readonly address: string | null;
}

const WINDOW_SECONDS = 60;
const PER_USER = 5;
/** An office comes from one address. */
const PER_ADDRESS = 30;
/** Whoever they are: what AWS must bear of strangers, since their tokens are all that AWS can tell them by. */
const TOGETHER = 120;

/**
 * [EN8] How often AWS is asked about people who are not enrolled yet: counted in memory, so that a stranger leaves nothing
 * behind, and never more than `TOGETHER` names are remembered.
 */
export class MembershipFence {
  #startsAt: EpochSeconds = 0;
  #together = 0;
  readonly #counts = new Map<string, number>();

  /** @returns how long to wait, in seconds, when this attempt is one too many. */
  admit({ uid, address }: MembershipAttempt, now: EpochSeconds): number | undefined {
    if (now >= this.#startsAt + WINDOW_SECONDS || now < this.#startsAt) {
      this.#startsAt = now;
      this.#together = 0;
      this.#counts.clear();
    }
    const limits: [string, number][] = [[`user ${uid}`, PER_USER]];
    if (address !== null) limits.push([`address ${address}`, PER_ADDRESS]);
    const full = limits.some(([name, most]) => this.#countOf(name) >= most);
    if (full || this.#together >= TOGETHER) return this.#startsAt + WINDOW_SECONDS - now;
    this.#together += 1;
    for (const [name] of limits) this.#counts.set(name, this.#countOf(name) + 1);
    return undefined;
  }

  #countOf(name: string): number {
    return this.#counts.get(name) ?? 0;
  }
}
