import { err, ok, type Result } from "@jcfetch/shared/result";
import type { GuardSettings } from "../guard/prefs.ts";
import type { GuardPrefs } from "../messaging/guard-view.ts";
import type { TransferParts } from "../messaging/transfer-messages.ts";
import type { PortalRole, Prefs } from "../messaging/view.ts";
import { MAX_FAVORITES, type RoleLists } from "../roles/lists.ts";
import type { Places } from "../roles/places.ts";
import type { Slot } from "../sessions/slot.ts";

export interface ApplyPorts {
  readonly prefs: Pick<Slot<Prefs>, "get" | "set">;
  readonly guard: GuardSettings;
  readonly places: Places;
  readonly lists: RoleLists;
}

const MAX_RULES = 100;
/** In one file. */
const MAX_LABELS = 5_000;
type TooMany = "too-many-labels" | "too-many-rules" | "too-many-favorites";

const same = (a: object) => (b: object) => JSON.stringify(a) === JSON.stringify(b);

const nameOf = ({ portal, account, role }: PortalRole): string => `${portal} ${account} ${role}`;

/** Names and values that are there; those that are undefined change nothing. */
const given = <T extends object>(part: T): Partial<T> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Partial<T>;

/** [TX2] All of it, or nothing: what was there before is put back when a part of it cannot be written. */
export async function applyTransfer(
  { prefs, guard, places, lists }: ApplyPorts,
  parts: TransferParts,
): Promise<Result<null, TooMany>> {
  if (parts.labels.length > MAX_LABELS) return err("too-many-labels");
  const { own } = await places.rules();
  const rules = [...own, ...parts.rules.filter((rule) => !own.some(same(rule)))];
  if (rules.length > MAX_RULES) return err("too-many-rules");
  const before = {
    prefs: await prefs.get(),
    guard: await guard.chosen(),
    labels: await places.labels(),
    favorites: await lists.favorites(),
  };
  const managed = new Set<string>(await guard.managed());
  const ownGuard = Object.entries(given(parts.guard)).filter(([name]) => !managed.has(name));
  const known = new Set(before.favorites.map(nameOf));
  const fresh = parts.favorites.filter((favorite) => !known.has(nameOf(favorite)));
  const favorites = [...before.favorites, ...fresh];
  if (favorites.length > MAX_FAVORITES) return err("too-many-favorites");
  const labels = structuredClone(before.labels);
  for (const { portal, account, label } of parts.labels) {
    const here = labels[portal] ?? {};
    here[account] = label;
    labels[portal] = here;
  }
  try {
    await prefs.set({ ...before.prefs, ...given(parts.prefs) } as Prefs);
    await guard.change(Object.fromEntries(ownGuard) as Partial<GuardPrefs>);
    await places.setRules(rules);
    await places.setLabels(labels);
    await lists.setFavorites(favorites);
  } catch (fault) {
    await prefs.set(before.prefs);
    await guard.change(before.guard);
    await places.setRules(own);
    await places.setLabels(before.labels);
    await lists.setFavorites(before.favorites);
    throw fault; // a bug, or a disk that is full: the router says so
  }
  return ok(null);
}
