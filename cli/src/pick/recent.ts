import { join } from "node:path";
import { DAY_MS, type EpochMs } from "@jcfetch/shared/time";
import { prepareFolder } from "../config/folder.ts";
import { ownFolder } from "../config/paths.ts";
import { readIfThere, writeWhole } from "../config/replace-file.ts";
import type { Host } from "../host.ts";

/** How often a profile was chosen, where what was a week ago counts half: names, weights and times, nothing secret. */
export type Recent = Readonly<Record<string, { readonly weight: number; readonly atMs: EpochMs }>>;

const HALF_LIFE_MS = 7 * DAY_MS;
/** More than anybody uses; the weakest go. */
const MOST = 200;

export function weightOf(recent: Recent, name: string, nowMs: EpochMs): number {
  const entry = Object.hasOwn(recent, name) ? recent[name] : undefined;
  // A time that is ahead of the clock was written before it was set back.
  return entry === undefined ? 0 : entry.weight * 0.5 ** (Math.max(0, nowMs - entry.atMs) / HALF_LIFE_MS);
}

export function withChosen(recent: Recent, name: string, nowMs: EpochMs): Recent {
  const chosen = { ...recent, [name]: { weight: weightOf(recent, name, nowMs) + 1, atMs: nowMs } };
  const names = Object.keys(chosen).sort((a, b) => weightOf(chosen, b, nowMs) - weightOf(chosen, a, nowMs));
  return Object.fromEntries(names.slice(0, MOST).map((one) => [one, chosen[one]!]));
}

const recentPath = (host: Host): string => join(ownFolder(host), "recent.json");

/** A file that is not there or not ours to understand is nothing remembered. */
export async function readRecent(host: Host): Promise<Recent> {
  const bytes = await readIfThere(recentPath(host));
  if (!bytes.ok || bytes.value === undefined) return {};
  try {
    const entries = Object.entries(JSON.parse(bytes.value.toString()) as Recent);
    return Object.fromEntries(
      entries.filter(([, entry]) => Number.isFinite(entry?.weight) && Number.isFinite(entry.atMs)),
    );
  } catch {
    return {};
  }
}

/** A convenience: where it cannot be written, nothing is remembered. */
export async function remember(host: Host, name: string): Promise<void> {
  const folder = ownFolder(host);
  if (!(await prepareFolder(folder)).ok) return;
  const recent = withChosen(await readRecent(host), name, host.now());
  const text = Buffer.from(JSON.stringify(recent));
  await writeWhole(join(folder, "recent.json"), text, { mode: 0o600, durable: false });
}
