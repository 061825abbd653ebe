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

type Wish = Omit<WaitingCopy, "untilMs" | "asks">;

/**
 * [SW9] The one copy that waits for its user to sign in. In the browser's memory until it is made, with an alarm beside it: the
 * background may be stopped at any moment, also between the sign-in and the copy.
 */
export class WaitingCopies {
  readonly #slot: Slot<WaitingCopy | null>;
  readonly #now: Clock;
  readonly #alarms: Alarms;
  /** `untilMs` of the one that is being made now, by this background. */
  #taken: number | undefined;

  constructor(storage: Storage, now: Clock, alarms: Alarms) {
    this.#slot = slot(storage.session, "waiting-copy", v.nullable(WaitingCopy), null);
    this.#now = now;
    this.#alarms = alarms;
  }

  async current(): Promise<WaitingCopy | null> {
    const waiting = await this.#slot.get();
    return waiting && waiting.untilMs > this.#now() ? waiting : null;
  }

  async keep({ portal, account, role, format }: Wish): Promise<void> {
    await this.#slot.set({ portal, account, role, format, untilMs: this.#now() + WAITS_MS, asks: false });
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
   * Somebody is signed in at this portal.
   * @param needsPress whether this role is copied only upon a press
   * @returns the copy to make now, and to be `made`: whoever gets it is the only one, however many events say that a session has begun
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
      if (this.#taken !== now.untilMs) taken = now;
      this.#taken = now.untilMs;
      return now;
    });
    return taken;
  }
}
