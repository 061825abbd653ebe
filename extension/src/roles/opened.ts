import { type Clock, HOUR_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { OpenedView, type PortalRole } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** AWS keeps this many console sessions side by side in one browser. @source AWS Sign-In user guide, multi-session support. */
export const CONSOLE_SESSIONS = 5;
/** How long a permission set's sessions last unless somebody changed it. @source IAM Identity Center, session duration. */
const DEFAULT_LIFE_MS = HOUR_MS;
const MAX_REGIONS = 8;

/**
 * [SW8] Which consoles were opened from here, in the browser's memory: AWS tells no extension which of them are signed in, so
 * this is a good guess and is shown as one.
 */
export class Opened {
  readonly #list: Slot<OpenedView[]>;
  readonly #regions: Slot<string[]>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#list = slot(storage.session, "opened", v.array(OpenedView), []);
    this.#regions = slot(storage.local, "console-regions", v.array(v.string()), []);
    this.#now = now;
  }

  async live(): Promise<OpenedView[]> {
    const now = this.#now();
    return (await this.#list.get()).filter(({ untilMs }) => untilMs > now).slice(0, CONSOLE_SESSIONS);
  }

  /** @param lifeMs how long this role's sessions last, where copied credentials have shown it */
  async add({ portal, account, role }: PortalRole, lifeMs = DEFAULT_LIFE_MS): Promise<void> {
    const openedAtMs = this.#now();
    const one = { portal, account, role, openedAtMs, untilMs: openedAtMs + lifeMs };
    await this.#list.update((list) => [
      one,
      ...list
        .filter((old) => !(old.portal === portal && old.account === account && old.role === role))
        .slice(0, CONSOLE_SESSIONS - 1),
    ]);
  }

  /** Signing out of the portal signs its consoles out, too. */
  async ended(portal: string): Promise<void> {
    await this.#list.update((list) => list.filter((one) => one.portal !== portal));
  }

  regions(): Promise<string[]> {
    return this.#regions.get();
  }

  async usedRegion(region: string): Promise<void> {
    await this.#regions.update((list) =>
      [region, ...list.filter((old) => old !== region)].slice(0, MAX_REGIONS),
    );
  }
}
