import { randomUUID } from "node:crypto";
import type { EpochMs } from "@jcfetch/shared/time";
import { isLive, type Tokens } from "./direct-tokens.ts";

/** [DM5] Tokens in an agent's own memory, where the system has no better place: they end with it. */
export class TokenMemory {
  readonly #held = new Map<string, Tokens>();
  readonly #marks = new Map<string, string>();
  #closed: boolean;

  constructor(closed = false) {
    this.#closed = closed;
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  /** @param id of the session's portal. */
  read(id: string): Tokens | undefined {
    return this.#held.get(id);
  }

  /** @returns false where it is closed: nothing comes in. */
  write(id: string, tokens: Tokens, anew: boolean): boolean {
    if (this.#closed) return false;
    this.#held.set(id, tokens);
    if (anew) this.#marks.set(id, randomUUID());
    return true;
  }

  /** They are over. What was got by them stays good: its mark is kept. */
  remove(id: string): void {
    this.#held.delete(id);
  }

  signOut(id: string): void {
    this.#held.delete(id);
    this.#marks.delete(id);
  }

  /** Other with every sign-in. */
  markOf(id: string): string | undefined {
    return this.#marks.get(id);
  }

  /** Those that nothing can be done with any more. */
  expire(nowMs: EpochMs): void {
    for (const [id, tokens] of this.#held) {
      const { refresh } = tokens;
      if (!isLive(tokens, nowMs) && (!refresh || refresh.registration.expiresAtMs <= nowMs)) this.remove(id);
    }
  }

  /** [AG13] Locked: what is held is dropped, and nothing is kept until it is opened. */
  close(): void {
    this.#closed = true;
    this.#held.clear();
    this.#marks.clear();
  }

  open(): void {
    this.#closed = false;
  }
}
