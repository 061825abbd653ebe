import { SECOND_MS } from "@jcfetch/shared/time";
import type { Failure } from "../exit.ts";
import { elapsed, type Instant } from "./store.ts";

/** This terminal has no right any more, for now or for good. */
const OF_THE_TERMINAL = ["unknown", "revoked", "grant-expired", "locked", "fork", "state-regressed"] as const;
/** Refusals that only a person can mend, of everything that comes from a source; a look at our own files costs nothing. */
const OF_THE_SOURCE: readonly string[] = [
  ...OF_THE_TERMINAL,
  "sso-expired",
  "no-session",
  "browser-offline",
  "network",
  "not-a-member",
];
/** And of one role. */
const OF_THE_ROLE: readonly string[] = ["policy", "role-not-assigned", "credential-too-long"];

/** After these, what was given before is dropped: whoever rules over it has said that this terminal is to have it no more. */
const TAKES_BACK: readonly string[] = [...OF_THE_TERMINAL, "not-paired", "policy", "role-not-assigned"];

export const takesBack = ({ code }: Failure): boolean => TAKES_BACK.includes(code);

const FIRST_MS = 5 * SECOND_MS;
const LONGEST_MS = 60 * SECOND_MS;

interface Remembered {
  readonly failure: Failure;
  readonly at: Instant;
  readonly forMs: number;
}

/**
 * [AG6] What a person has to mend, no program needs to try again and again: it is answered from memory for five seconds,
 * then for twice as long each time, up to a minute. Pure, as the store is.
 */
export class RefusalMemory {
  readonly #kept = new Map<string, Remembered>();

  /** @param source and @param role keys of the two things that a refusal can be about. */
  remember(source: string, role: string, failure: Failure, at: Instant): void {
    const key = OF_THE_SOURCE.includes(failure.code)
      ? source
      : OF_THE_ROLE.includes(failure.code)
        ? role
        : undefined;
    if (key === undefined) return;
    const before = this.#kept.get(key);
    const forMs = before ? Math.min(before.forMs * 2, LONGEST_MS) : FIRST_MS;
    this.#kept.set(key, { failure, at, forMs });
  }

  answer(source: string, role: string, at: Instant): Failure | undefined {
    for (const key of [source, role]) {
      const kept = this.#kept.get(key);
      if (kept && elapsed(kept.at, at) < kept.forMs) return kept.failure;
    }
    return undefined;
  }

  /** Something was given: what was refused before has been mended. */
  mended(source: string, role: string): void {
    this.#kept.delete(source);
    this.#kept.delete(role);
  }

  clear(): void {
    this.#kept.clear();
  }
}
