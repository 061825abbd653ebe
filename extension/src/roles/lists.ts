import * as v from "valibot";
import { PortalRole } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

const MAX_RECENTS = 12;
const MAX_FAVORITES = 200;

const same = (a: PortalRole) => (b: PortalRole) =>
  a.portal === b.portal && a.account === b.account && a.role === b.role;

const pick = ({ portal, account, role }: PortalRole): PortalRole => ({ portal, account, role });

/** Favorites and recents: names, on disk. */
export class RoleLists {
  readonly #favorites: Slot<PortalRole[]>;
  readonly #recents: Slot<PortalRole[]>;

  constructor(storage: Storage) {
    this.#favorites = slot(storage.local, "favorites", v.array(PortalRole), []);
    this.#recents = slot(storage.local, "recents", v.array(PortalRole), []);
  }

  favorites(): Promise<PortalRole[]> {
    return this.#favorites.get();
  }

  recents(): Promise<PortalRole[]> {
    return this.#recents.get();
  }

  /** In the order in which they were chosen. */
  async setFavorite(role: PortalRole, on: boolean): Promise<void> {
    await this.#favorites.update((list) => {
      const others = list.filter((other) => !same(role)(other));
      return on ? [...others, pick(role)].slice(-MAX_FAVORITES) : others;
    });
  }

  /** Newest first. */
  async used(role: PortalRole): Promise<void> {
    await this.#recents.update((list) =>
      [pick(role), ...list.filter((other) => !same(role)(other))].slice(0, MAX_RECENTS),
    );
  }
}
