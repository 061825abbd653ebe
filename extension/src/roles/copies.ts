import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { CopyView, type PortalRole } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

const Copy = v.object({
  ...CopyView.entries,
  /** Whose session they were copied from, as `Session.owner`. */
  owner: v.optional(v.nullable(v.string()), null),
});
export type Copy = v.InferOutput<typeof Copy>;

/** Which credentials were copied and until when they live, in the browser's memory. Never the credentials. */
export class Copies {
  readonly #list: Slot<Copy[]>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#list = slot(storage.session, "copies", v.array(Copy), []);
    this.#now = now;
  }

  async live(): Promise<Copy[]> {
    return (await this.#list.get()).filter(({ expiresAtMs }) => expiresAtMs > this.#now());
  }

  /** How long this role's sessions last, as credentials that were copied show it. */
  async lifeOf({ portal, account, role }: PortalRole): Promise<number | undefined> {
    const copy = (await this.live()).find(
      (one) => one.portal === portal && one.account === account && one.role === role,
    );
    return copy && copy.expiresAtMs - copy.copiedAtMs;
  }

  async add(copy: Copy): Promise<void> {
    const { portal, account, role, owner } = copy;
    await this.#list.update((list) => [
      copy,
      ...list.filter(
        (old) =>
          old.expiresAtMs > this.#now() &&
          !(old.portal === portal && old.account === account && old.role === role && old.owner === owner),
      ),
    ]);
  }
}
