import { CLIPBOARD_SECONDS, GuardPrefs } from "../messaging/guard-view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

const USUAL: GuardPrefs = {
  clipboardSeconds: CLIPBOARD_SECONDS.usual,
  copyLog: true,
  lockMinutes: 0,
  lockWithScreen: false,
  noticeMinutes: 0,
  noticeSession: false,
};

/** What the organization has set of it; nothing where there is no policy. */
export type ManagedGuard = () => Promise<Partial<GuardPrefs>>;

/** How the browser guards what it gives: the user's choice, and before it the organization's. */
export class GuardSettings {
  readonly #chosen: Slot<GuardPrefs>;
  readonly #managed: ManagedGuard;

  constructor(storage: Storage, managed: ManagedGuard) {
    this.#chosen = slot(storage.local, "guard", GuardPrefs, USUAL);
    this.#managed = managed;
  }

  async inForce(): Promise<GuardPrefs> {
    return { ...(await this.#chosen.get()), ...(await this.#managed()) };
  }

  /** The user's choice alone. */
  chosen(): Promise<GuardPrefs> {
    return this.#chosen.get();
  }

  /** Names of what the user cannot change. */
  async managed(): Promise<(keyof GuardPrefs)[]> {
    return Object.keys(await this.#managed()) as (keyof GuardPrefs)[];
  }

  async change(wish: Partial<GuardPrefs>): Promise<GuardPrefs> {
    await this.#chosen.update((old) => ({ ...old, ...wish }));
    return this.inForce();
  }
}
