import { type Clock, SECOND_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { PortalRole } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** As long as a popup may take to open. */
const LASTS_MS = 30 * SECOND_MS;

const Focus = v.object({ role: PortalRole, untilMs: v.number() });

/** The role on which the list opens next, because it was chosen outside of it. */
export class ListFocus {
  readonly #slot: Slot<v.InferOutput<typeof Focus> | null>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#slot = slot(storage.session, "list-focus", v.nullable(Focus), null);
    this.#now = now;
  }

  async set(role: PortalRole): Promise<void> {
    await this.#slot.set({ role, untilMs: this.#now() + LASTS_MS });
  }

  async current(): Promise<PortalRole | null> {
    const focus = await this.#slot.get();
    return focus && focus.untilMs > this.#now() ? focus.role : null;
  }
}
