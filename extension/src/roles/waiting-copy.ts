import { type Clock, MINUTE_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { WaitingCopy } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** Longer after a press nobody expects the clipboard to change. */
const WAITS_MS = 5 * MINUTE_MS;

type Wish = Omit<WaitingCopy, "untilMs" | "asks">;

/** [SW9] The one copy that waits for its user to sign in. In the browser's memory, so that a background that stopped goes on. */
export class WaitingCopies {
  readonly #slot: Slot<WaitingCopy | null>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#slot = slot(storage.session, "waiting-copy", v.nullable(WaitingCopy), null);
    this.#now = now;
  }

  async current(): Promise<WaitingCopy | null> {
    const waiting = await this.#slot.get();
    return waiting && waiting.untilMs > this.#now() ? waiting : null;
  }

  async keep({ portal, account, role, format }: Wish): Promise<void> {
    await this.#slot.set({ portal, account, role, format, untilMs: this.#now() + WAITS_MS, asks: false });
  }

  async drop(): Promise<void> {
    await this.#slot.set(null);
  }

  /**
   * Somebody is signed in at this portal.
   * @param needsPress whether this role is copied only upon a press
   * @returns the copy to make now: whoever gets it is the only one, however many events say that a session has begun
   */
  async due(
    portal: string,
    needsPress: (wish: WaitingCopy) => Promise<boolean>,
  ): Promise<WaitingCopy | undefined> {
    const waiting = await this.current();
    if (waiting?.portal !== portal) return undefined;
    const press = await needsPress(waiting);
    let taken: WaitingCopy | undefined;
    await this.#slot.update((now) => {
      if (now?.untilMs !== waiting.untilMs) return now;
      if (press) return { ...now, asks: true };
      taken = now;
      return null;
    });
    return taken;
  }
}
