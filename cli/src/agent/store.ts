import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";

/**
 * One moment by both clocks of a computer: the one that people set and that goes on while it sleeps, and the one that
 * nobody sets and that stands still then.
 */
export interface Instant {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** How much time has passed, by the clock that says more. */
export const elapsed = (from: Instant, to: Instant): number =>
  Math.max(to.wallMs - from.wallMs, to.steadyMs - from.steadyMs);

interface Held {
  readonly credentials: RoleCredentials;
  readonly fetched: Instant;
  /** From the moment they were fetched. */
  readonly lifeMs: number;
  /** Somebody has had them since: they will be wanted again. */
  used: boolean;
  /** The last try to renew them, if it failed. */
  failed: { readonly at: Instant; readonly pauseMs: number } | undefined;
}

/** What to do about one request. */
export type Look =
  /** Nothing that would do: fetch, and wait for it. */
  | { readonly do: "fetch" }
  | { readonly do: "serve"; readonly credentials: RoleCredentials; readonly stale: boolean }
  /** Due: a new one is better, but what is there will do. */
  | { readonly do: "renew"; readonly credentials: RoleCredentials }
  /** AWS has just shown that it gives none that live so long. */
  | { readonly do: "refuse"; readonly leftMs: number };

const AHEAD_MS = 15 * MINUTE_MS;
/** What is about to end on the way to whoever asked is of no use. */
const LEAST_MS = 5 * SECOND_MS;
/** How long AWS is believed about the life of what it gives. */
const BELIEVED_MS = MINUTE_MS;
const FIRST_PAUSE_MS = 15 * SECOND_MS;
const LONGEST_PAUSE_MS = 2 * MINUTE_MS;

/** Role credentials in memory, and nowhere else. Pure: it is told the time, and does nothing. */
export class CredentialStore {
  readonly #held = new Map<string, Held>();

  get size(): number {
    return this.#held.size;
  }

  has(key: string): boolean {
    return this.#held.has(key);
  }

  hold(key: string, credentials: RoleCredentials, at: Instant): void {
    const lifeMs = credentials.expiresAtMs - at.wallMs;
    this.#held.set(key, { credentials, fetched: at, lifeMs, used: false, failed: undefined });
  }

  look(key: string, minTtlMs: number | undefined, at: Instant): Look {
    const held = this.#held.get(key);
    const leftMs = held ? leftOf(held, at) : 0;
    if (!held || leftMs < LEAST_MS) return { do: "fetch" };
    if (minTtlMs !== undefined && leftMs < minTtlMs) {
      const fresh = elapsed(held.fetched, at) < BELIEVED_MS && held.lifeMs < minTtlMs;
      return fresh ? { do: "refuse", leftMs } : { do: "fetch" };
    }
    const { credentials } = held;
    if (leftMs > aheadOf(held)) return { do: "serve", credentials, stale: false };
    return rests(held, at) ? { do: "serve", credentials, stale: true } : { do: "renew", credentials };
  }

  /** Somebody got them: from now on they are kept fresh. */
  used(key: string): void {
    const held = this.#held.get(key);
    if (held) held.used = true;
  }

  /** [AG4] Those to be renewed now: near their end, and used since they were fetched. */
  due(at: Instant): string[] {
    return [...this.#held].flatMap(([key, held]) =>
      held.used && leftOf(held, at) <= aheadOf(held) && !rests(held, at) ? [key] : [],
    );
  }

  /** A try to renew them came to nothing: the next one is made after a pause, which grows. */
  failed(key: string, at: Instant): void {
    const held = this.#held.get(key);
    if (!held) return;
    const pauseMs = held.failed ? Math.min(held.failed.pauseMs * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    held.failed = { at, pauseMs };
  }

  /** After a sleep, what failed before it says nothing. */
  forgetFailures(): void {
    for (const held of this.#held.values()) held.failed = undefined;
  }

  expire(at: Instant): void {
    for (const [key, held] of this.#held) if (leftOf(held, at) <= 0) this.#held.delete(key);
  }

  drop(key: string): void {
    this.#held.delete(key);
  }

  clear(): void {
    this.#held.clear();
  }

  list(): { key: string; expiresAtMs: number }[] {
    return [...this.#held].map(([key, { credentials }]) => ({ key, expiresAtMs: credentials.expiresAtMs }));
  }
}

/** [AG9] By the clock that says less: neither a sleep nor a clock that was set makes credentials live longer. */
const leftOf = ({ credentials, fetched, lifeMs }: Held, at: Instant): number =>
  Math.min(credentials.expiresAtMs - at.wallMs, lifeMs - (at.steadyMs - fetched.steadyMs));

/** [AG4] A quarter of a life of less than an hour, else a quarter of an hour. */
const aheadOf = ({ lifeMs }: Held): number => (lifeMs < HOUR_MS ? lifeMs / 4 : AHEAD_MS);

const rests = ({ failed }: Held, at: Instant): boolean =>
  failed !== undefined && elapsed(failed.at, at) < failed.pauseMs;
