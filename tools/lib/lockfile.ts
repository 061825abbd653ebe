/** What package-lock.json says of the packages that our programs run with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./process.ts";

export interface LockedPackage {
  readonly version: string;
  /** `sha512-…`; absent for our own workspaces. */
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
  /** Of a link: the workspace's folder. */
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Place (`node_modules/x`, or a workspace's folder) → package. */
export type Lock = Readonly<Record<string, LockedPackage>>;

export function readLock(root = ROOT): Lock {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Lock };
  return lock.packages;
}

/** `a/node_modules/@x/y` → `@x/y`. */
export const nameAt = (place: string): string => place.slice(place.lastIndexOf("node_modules/") + 13);

/** Where `name` is found from `place`: beside it, or in a folder above. Nothing for one of another system's. */
function resolve(lock: Lock, place: string, name: string): string | undefined {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const candidate = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const found = lock[candidate];
    if (found) return found.link === true ? found.resolved : candidate;
    if (folder === "") return undefined;
  }
}

/** Places of all packages that a workspace runs with, its own and those behind them; without what only builds it. */
export function runtimePlaces(lock: Lock, workspace: string): string[] {
  const seen = new Set<string>();
  const waiting = [workspace];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    const { dependencies, optionalDependencies } = lock[place] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolve(lock, place, name);
      if (found !== undefined) waiting.push(found);
    }
  }
  return [...seen].filter((place) => place.includes("node_modules/")).sort();
}

/** Names of the packages of others that a workspace asks for itself, through `shared` as well. */
export function chosenBy(lock: Lock, workspace: string): string[] {
  const own = (folder: string): string[] =>
    Object.keys({ ...lock[folder]?.dependencies, ...lock[folder]?.optionalDependencies });
  return [...new Set([...own(workspace), ...own("shared")])]
    .filter((name) => lock[`node_modules/${name}`]?.link !== true)
    .sort();
}
