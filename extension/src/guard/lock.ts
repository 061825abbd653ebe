import { type Clock, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { type GuardPrefs, LockCause } from "../messaging/guard-view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** The part of `browser.idle` that is needed here. */
export interface IdleApi {
  queryState(detectionIntervalInSeconds: number): Promise<string>;
}

export interface LockPorts {
  readonly storage: Storage;
  /** Undefined while the user has not allowed it. */
  readonly idle: () => IdleApi | undefined;
  readonly alarms: {
    create(name: string, info: { periodInMinutes: number }): unknown;
    clear(name: string): unknown;
  };
  readonly now: Clock;
  readonly prefs: () => Promise<Pick<GuardPrefs, "lockMinutes" | "lockWithScreen">>;
  /** It has been locked or unlocked. */
  readonly changed: (locked: boolean) => Promise<void>;
}

export const LOCK_ALARM = "lock";
/** How often somebody looks whether the computer is idle. */
const LOOK_MINUTES = 1;
/** A look that comes later than this was slept over. */
const SLACK_MS = 2 * MINUTE_MS;

const Watch = v.strictObject({ lookedAtMs: v.number(), usedAtMs: v.number() });
const Locked = v.nullable(LockCause);

/**
 * [LK1] While it is locked this browser gives nothing. There is no passphrase: it is for a browser that was left open, where
 * whoever unlocks it is seen to do it.
 */
export class Lock {
  readonly #ports: LockPorts;
  readonly #locked: Slot<LockCause | null>;
  readonly #watch: Slot<v.InferOutput<typeof Watch>>;

  constructor(ports: LockPorts) {
    this.#ports = ports;
    const { local, session } = ports.storage;
    // On disk: an update of the extension empties the browser's memory, and is not to unlock.
    this.#locked = slot(local, "locked", Locked, null);
    this.#watch = slot(session, "lock-watch", Watch, { lookedAtMs: 0, usedAtMs: 0 });
  }

  cause(): Promise<LockCause | null> {
    return this.#locked.get();
  }

  async isOn(): Promise<boolean> {
    return (await this.cause()) !== null;
  }

  async lock(why: LockCause): Promise<void> {
    if (await this.isOn()) return;
    await this.#locked.set(why);
    await this.#ports.changed(true);
  }

  async unlock(): Promise<void> {
    if (!(await this.isOn())) return;
    await this.#watchFromNow();
    await this.#open();
  }

  /** The browser has started: what was locked in the one before has ended with it. */
  async browserStarted(): Promise<void> {
    if (await this.isOn()) await this.#open();
  }

  /** The user has done something with the extension. */
  async used(): Promise<void> {
    if (await this.#isWanted()) await this.#watch.update((old) => ({ ...old, usedAtMs: this.#ports.now() }));
  }

  /** The settings may have changed, or the browser has started. */
  async arrange(): Promise<void> {
    if (!(await this.#isWanted())) {
      this.#ports.alarms.clear(LOCK_ALARM);
      await this.#watch.remove();
      return;
    }
    if ((await this.#watch.get()).lookedAtMs === 0) await this.#watchFromNow();
    this.#ports.alarms.create(LOCK_ALARM, { periodInMinutes: LOOK_MINUTES });
  }

  /** [LK2] Every minute, before each message, and whenever the browser says that the computer's state has changed. */
  async look(): Promise<void> {
    if (!(await this.#isWanted()) || (await this.isOn())) return;
    const why = await this.#why();
    if (why) await this.lock(why);
    else await this.#watch.update((old) => ({ ...old, lookedAtMs: this.#ports.now() }));
  }

  async #why(): Promise<LockCause | undefined> {
    const { lockMinutes, lockWithScreen } = await this.#ports.prefs();
    const { lookedAtMs, usedAtMs } = await this.#watch.get();
    const now = this.#ports.now();
    const afterMs = lockMinutes * MINUTE_MS;
    // A computer that slept was idle, though nobody could look.
    if (lockMinutes > 0 && lookedAtMs > 0 && now - lookedAtMs > Math.max(afterMs, SLACK_MS)) return "idle";
    const idle = this.#ports.idle();
    if (!idle) return lockMinutes > 0 && usedAtMs > 0 && now - usedAtMs >= afterMs ? "idle" : undefined;
    const state = await idle.queryState((lockMinutes * MINUTE_MS || LONG_MS) / SECOND_MS);
    if (state === "locked" && lockWithScreen) return "screen";
    // Behind a locked screen nobody can be told how long it has been idle; nobody is there either.
    return state !== "active" && lockMinutes > 0 ? "idle" : undefined;
  }

  async #open(): Promise<void> {
    await this.#locked.set(null);
    await this.#ports.changed(false);
  }

  async #isWanted(): Promise<boolean> {
    const { lockMinutes, lockWithScreen } = await this.#ports.prefs();
    return lockMinutes > 0 || lockWithScreen;
  }

  #watchFromNow(): Promise<void> {
    const now = this.#ports.now();
    return this.#watch.set({ lookedAtMs: now, usedAtMs: now });
  }
}

/** Where only the screen counts: so that idleness is not asked for. */
const LONG_MS = 240 * MINUTE_MS;
