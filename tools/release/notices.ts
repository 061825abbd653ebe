import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Lock, nameAt, runtimePlaces } from "../lib/lockfile.ts";
import { ROOT } from "../lib/process.ts";

const HEAD = `jcfetch contains code of the packages below, each under the license that stands with it. The executables also carry Bun,
whose own licenses are listed at https://bun.com/docs/project/license
`;

const LICENSE_FILE = /^(?:licen[cs]e|notice|copying|copyright)/i;

/** Texts that a package brings about its license; its bare name where it brings none. */
function textOf(place: string, license = "unknown"): string {
  const folder = join(ROOT, place);
  const names = readdirSync(folder).filter((name) => LICENSE_FILE.test(name));
  const texts = names.sort().map((name) => readFileSync(join(folder, name), "utf8").trim());
  return texts.length > 0 ? texts.join("\n\n") : `License: ${license}`;
}

/**
 * What the licenses of others ask for: their words, with each copy. Of all that the command line and the local broker may run
 * with, which is more than the bundler has taken of it; without the keyring, which is installed by itself.
 */
export function notices(lock: Lock): string {
  const places = new Set(["cli", "worker"].flatMap((workspace) => runtimePlaces(lock, workspace)));
  const groups = new Map<string, string[]>();
  for (const place of [...places].sort()) {
    const entry = lock[place]!;
    if (entry.optional === true) continue;
    const text = textOf(place, entry.license);
    groups.set(text, [...(groups.get(text) ?? []), `${nameAt(place)} ${entry.version}`]);
  }
  const line = "=".repeat(80);
  return [HEAD, ...[...groups].map(([text, names]) => `${line}\n${names.join("\n")}\n\n${text}\n`)].join(
    "\n",
  );
}
