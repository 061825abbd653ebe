import { type Clock, DAY_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { PortalRole } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

const MAX_RECENTS = 50;
export const MAX_FAVORITES = 200;
/** A use counts half as much three days later. */
const HALF_LIFE_MS = 3 * DAY_MS;

const Recent = v.object({
  ...PortalRole.entries,
  /** Who used it, as `Session.owner`; null where nobody knows. */
  owner: v.optional(v.nullable(v.string()), null),
  /** Uses, each halved every three days, as it stood at `atMs`. */
  weight: v.optional(v.number(), 1),
  atMs: v.optional(v.number(), 0),
});
type Recent = v.InferOutput<typeof Recent>;

const same = (a: PortalRole) => (b: PortalRole) =>
  a.portal === b.portal && a.account === b.account && a.role === b.role;

const pick = ({ portal, account, role }: PortalRole): PortalRole => ({ portal, account, role });

const weightAt = ({ weight, atMs }: Recent, now: number): number =>
  weight * 2 ** (-Math.max(0, now - atMs) / HALF_LIFE_MS);

/** Favorites and recents: names, on disk. */
export class RoleLists {
  readonly #favorites: Slot<PortalRole[]>;
  readonly #recents: Slot<Recent[]>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#favorites = slot(storage.local, "favorites", v.array(PortalRole), []);
    this.#recents = slot(storage.local, "recents", v.array(Recent), []);
    this.#now = now;
  }

  favorites(): Promise<PortalRole[]> {
    return this.#favorites.get();
  }

  /** [SW4] What was used often and lately comes first, of those that `isOwn` takes. */
  async recents(isOwn: (recent: Recent) => boolean): Promise<PortalRole[]> {
    const now = this.#now();
    return (await this.#recents.get())
      .filter(isOwn)
      .map((recent, at) => ({ recent, at, weight: weightAt(recent, now) }))
      .sort((a, b) => b.weight - a.weight || a.at - b.at)
      .map(({ recent }) => pick(recent));
  }

  async setFavorites(roles: readonly PortalRole[]): Promise<void> {
    await this.#favorites.set(roles.map(pick).slice(0, MAX_FAVORITES));
  }

  /** In the order in which they were chosen, until the user moves them. */
  async setFavorite(role: PortalRole, on: boolean): Promise<void> {
    await this.#favorites.update((list) => {
      const others = list.filter((other) => !same(role)(other));
      return on ? [...others, pick(role)].slice(-MAX_FAVORITES) : others;
    });
  }

  /** One place up or down among the favorites of its portal. */
  async moveFavorite(role: PortalRole, step: 1 | -1): Promise<void> {
    await this.#favorites.update((list) => {
      const here = list.flatMap((one, at) => (one.portal === role.portal ? [at] : []));
      const at = here.findIndex((index) => same(role)(list[index]!));
      const [from, to] = [here[at], here[at + step]];
      if (at === -1 || from === undefined || to === undefined) return list;
      return list.with(from, list[to]!).with(to, list[from]!);
    });
  }

  async used(role: PortalRole, owner: string | null): Promise<void> {
    const now = this.#now();
    const isSame = (recent: Recent): boolean =>
      same(role)(recent) && (recent.owner === null || recent.owner === owner);
    await this.#recents.update((list) => {
      const before = list.find(isSame);
      const weight = 1 + (before ? weightAt(before, now) : 0);
      const others = list.filter((other) => !isSame(other));
      return [{ ...pick(role), owner, weight, atMs: now }, ...others].slice(0, MAX_RECENTS);
    });
  }

  async clearRecents(): Promise<void> {
    await this.#recents.set([]);
  }
}
