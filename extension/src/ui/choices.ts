import type { RoleRef } from "@jcfetch/shared/domain/role";
import { DAY_MS, HOUR_MS, SECOND_MS } from "@jcfetch/shared/time";
import type { DirectoryView } from "../messaging/view.ts";
import { indexEntries, type SearchEntry, search } from "../roles/search.ts";

/** As many as one signed permission holds. */
export const MAX_ROLES = 48;

export interface Lifetime {
  readonly seconds: number;
  /** As people say it. */
  readonly count: number;
  readonly unit: "hour" | "day";
}

const UNIT_MS = { hour: HOUR_MS, day: DAY_MS } as const;
const lifetime = (count: number, unit: Lifetime["unit"]): Lifetime => ({
  seconds: (count * UNIT_MS[unit]) / SECOND_MS,
  count,
  unit,
});

export const LIFETIMES: readonly Lifetime[] = [
  lifetime(1, "hour"),
  lifetime(8, "hour"),
  lifetime(24, "hour"),
  lifetime(7, "day"),
  lifetime(30, "day"),
];

/** A terminal on another host is let in for a day; one beside the browser for a month. */
export const defaultLifetimeSeconds = ({ ssh }: { ssh: boolean }): number =>
  (ssh ? DAY_MS : 30 * DAY_MS) / SECOND_MS;

export const choiceKey = ({ account, role }: { account: string; role: string }): string =>
  `${account}/${role}`;

/** Account and role of a key that `choiceKey` made. */
export function readChoice(key: string): RoleRef {
  const [account, role] = key.split("/");
  return { account, role } as RoleRef;
}

/** An account whose roles nobody has asked AWS for yet. */
export const NOT_READ = "";

/**
 * What can be ticked: what was ticked already stays on top, so that a search never hides it. Accounts that were not read yet
 * stand there without a role (`NOT_READ`).
 */
export function choosableRoles(
  directory: DirectoryView | undefined,
  query: string,
  ticked: ReadonlySet<string>,
): SearchEntry[] {
  if (!directory) return [];
  const all = directory.accounts.flatMap(({ id, name, email }) =>
    (directory.roles[id] ?? [NOT_READ]).map((role) => ({ account: id, accountName: name, email, role })),
  );
  const chosen = all.filter((entry) => ticked.has(choiceKey(entry)));
  const hits = search(indexEntries(all), query).filter((entry) => !ticked.has(choiceKey(entry)));
  return [...chosen, ...hits];
}

/** Tick or untick; over the limit nothing changes. */
export function toggleChoice(ticked: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(ticked);
  if (next.delete(key)) return next;
  return ticked.size >= MAX_ROLES ? ticked : next.add(key);
}
