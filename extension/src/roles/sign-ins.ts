import { type Clock, MINUTE_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { SwitcherView } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** A sign-in that took longer was left. */
const LEFT_AFTER_MS = 5 * MINUTE_MS;

const SignIn = v.strictObject({ portal: v.nullable(v.string()), sinceMs: v.number() });

/** The sign-in that was opened from here, until a session begins: the popup then says what is waited for. */
export class SignIns {
  readonly #slot: Slot<v.InferOutput<typeof SignIn> | null>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#slot = slot(storage.session, "signing-in", v.nullable(SignIn), null);
    this.#now = now;
  }

  async current(): Promise<SwitcherView["signingIn"]> {
    const one = await this.#slot.get();
    return one && this.#now() - one.sinceMs < LEFT_AFTER_MS ? one : null;
  }

  async began(portal: string | null): Promise<void> {
    await this.#slot.set({ portal, sinceMs: this.#now() });
  }

  async ended(): Promise<void> {
    await this.#slot.set(null);
  }
}
