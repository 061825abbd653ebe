import { type Clock, MINUTE_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { WaitingCopy } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** Longer after a press nobody expects the clipboard to change. */
const WAITS_MS = 5 * MINUTE_MS;

export const WAITING_ALARM = "waiting-copy";
/** The shortest that browsers allow. */
const ALARM_MINUTES = 0.5;

interface Alarms {
  create(name: string, info: { periodInMinutes: number }): unknown;
  clear(name: string): unknown;
}

const Kept = v.strictObject({
  ...WaitingCopy.entries,
  /** Who was signed in when it was asked for, as `Session.owner`; null where nobody knows. */
  owner: v.nullable(v.string()),
});
type Kept = v.InferOutput<typeof Kept>;
type Wish = Omit<Kept, "untilMs" | "asks">;

/**
 * [SW9] The one copy that waits for its user to sign in. In the browser's memory until it is made, with an alarm beside it: the
 * background may be stopped at any moment, also between the sign-in and the copy.
 */
export class WaitingCopies {
  readonly #slot: Slot<Kept | null>;
  readonly #now: Clock;
  readonly #alarms: Alarms;
  /** `untilMs` of the one that is being made now, by this background. */
  #taken: number | undefined;

  constructor(storage: Storage, now: Clock, alarms: Alarms) {
    this.#slot = slot(storage.session, "waiting-copy", v.nullable(Kept), null);
    this.#now = now;
    this.#alarms = alarms;
  }

  async current(): Promise<WaitingCopy | null> {
    const waiting = await this.#current();
    if (!waiting) return null;
    const { owner: _owner, ...shown } = waiting;
    return shown;
  }

  async keep({ portal, account, role, format, owner }: Wish): Promise<void> {
    const untilMs = this.#now() + WAITS_MS;
    await this.#slot.set({ portal, account, role, format, owner, untilMs, asks: false });
    this.#alarms.create(WAITING_ALARM, { periodInMinutes: ALARM_MINUTES });
  }

  async drop(): Promise<void> {
    await this.#slot.set(null);
    this.#alarms.clear(WAITING_ALARM);
  }

  /** The copy that `due` gave is made or failed, unless nobody was signed in after all: then it waits on. */
  async made({ untilMs }: WaitingCopy, waitsOn: boolean): Promise<void> {
    this.#taken = undefined;
    if (waitsOn) return;
    const left = await this.#slot.update((now) => (now?.untilMs === untilMs ? null : now));
    if (left === null) this.#alarms.clear(WAITING_ALARM);
  }

  /**
   * Somebody is signed in at this portal. What another person had asked for is dropped, and what nobody knows who asked for
   * waits for a press.
   * @param owner who, as `Session.owner`
   * @param needsPress whether this role is copied only upon a press
   * @returns the copy to make now, and to be `made`: whoever gets it is the only one, however many events say that a session has begun
   */
  async due(
    { portal, owner }: { readonly portal: string; readonly owner: string },
    needsPress: (wish: WaitingCopy) => Promise<boolean>,
  ): Promise<WaitingCopy | undefined> {
    const waiting = await this.#current();
    if (waiting?.portal !== portal) return undefined;
    if (waiting.owner !== null && waiting.owner !== owner) {
      await this.drop();
      return undefined;
    }
    const press = waiting.owner === null || (await needsPress(waiting));
    let taken: Kept | undefined;
    await this.#slot.update((now) => {
      if (now?.untilMs !== waiting.untilMs) return now;
      if (press) return { ...now, asks: true };
      if (this.#taken !== now.untilMs) taken = now;
      this.#taken = now.untilMs;
      return now;
    });
    return taken;
  }

  async #current(): Promise<Kept | null> {
    const waiting = await this.#slot.get();
    return waiting && waiting.untilMs > this.#now() ? waiting : null;
  }
}
