import type { TransferParts } from "../messaging/transfer-messages.ts";
import type { ImportPlan, Skipped } from "./plan.ts";

/** The parts of a file that the user wants. */
export interface Wanted {
  readonly settings: boolean;
  readonly labels: boolean;
  readonly favorites: boolean;
  readonly rules: boolean;
  /** For what does not say of which portal it is; null: none is known. */
  readonly portal: string | null;
}

/** Favorites of a whole AWS configuration would be the whole list. */
export const MANY_FAVORITES = 20;

const once = <T extends object>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];

/** What is sent to be kept: of portals that are known here, and each thing once. */
export function resolve(
  plan: ImportPlan,
  wanted: Wanted,
  portals: readonly string[],
): { parts: TransferParts; strange: number } {
  const at = <T extends { readonly portal: string | null }>(things: readonly T[]) =>
    things.flatMap((thing) => {
      const portal = thing.portal ?? wanted.portal;
      return portal !== null && portals.includes(portal) ? [{ ...thing, portal }] : [];
    });
  const labels = wanted.labels ? once(at(plan.labels)) : [];
  const favorites = wanted.favorites ? once(at(plan.favorites)) : [];
  const asked = (wanted.labels ? plan.labels : []).length + (wanted.favorites ? plan.favorites : []).length;
  const kept =
    (wanted.labels ? at(plan.labels) : []).length + (wanted.favorites ? at(plan.favorites) : []).length;
  return {
    parts: {
      prefs: wanted.settings ? plan.prefs : {},
      guard: wanted.settings ? plan.guard : {},
      labels,
      favorites,
      rules: wanted.rules ? once(plan.rules) : [],
    },
    strange: asked - kept,
  };
}

/** Everything that is left out, by its reason. */
export const bySkipReason = (skipped: readonly Skipped[]): Map<Skipped["why"], Skipped[]> =>
  Map.groupBy(skipped, ({ why }) => why);
