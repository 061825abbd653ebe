import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { CopyView } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

/** Which credentials were copied and until when they live, in the browser's memory. Never the credentials. */
export class Copies {
  readonly #list: Slot<CopyView[]>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#list = slot(storage.session, "copies", v.array(CopyView), []);
    this.#now = now;
  }

  async live(): Promise<CopyView[]> {
    return (await this.#list.get()).filter(({ expiresAtMs }) => expiresAtMs > this.#now());
  }

  async add(copy: CopyView): Promise<void> {
    const { portal, account, role } = copy;
    await this.#list.update((list) => [
      copy,
      ...list.filter(
        (old) =>
          old.expiresAtMs > this.#now() &&
          !(old.portal === portal && old.account === account && old.role === role),
      ),
    ]);
  }
}
