import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { ConfirmView } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** How long a press in the portal waits for its confirmation. */
export const CONFIRM_MS = 60_000;

const Pending = v.strictObject({
  ...ConfirmView.entries,
  tabId: v.number(),
  /** Who pressed, as `Session.owner`: when the tab is gone, so may its cookies be. */
  owner: v.string(),
});
export type Pending = v.InferOutput<typeof Pending>;

/**
 * [PB3] The one press in a portal's page that waits to be confirmed in the popup; the newest, if there are several. In the
 * browser's memory, so that a background that was stopped still knows it.
 */
export class Confirms {
  readonly #slot: Slot<Pending | null>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#slot = slot(storage.session, "confirm", v.nullable(Pending), null);
    this.#now = now;
  }

  async ask(wish: Omit<Pending, "id" | "untilMs">): Promise<Pending> {
    const pending = { ...wish, id: crypto.randomUUID(), untilMs: this.#now() + CONFIRM_MS };
    await this.#slot.set(pending);
    return pending;
  }

  async pending(): Promise<Pending | null> {
    const pending = await this.#slot.get();
    return pending && pending.untilMs > this.#now() ? pending : null;
  }

  /** Gives a press out once, and never again. */
  async take(id: string): Promise<Pending | undefined> {
    let taken: Pending | undefined;
    await this.#slot.update((pending) => {
      if (pending?.id !== id) return pending;
      if (pending.untilMs > this.#now()) taken = pending;
      return null;
    });
    return taken;
  }
}
