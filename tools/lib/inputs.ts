import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./process.ts";

/** Every file under `path` (a file or a folder, from the root), sorted; nothing if it is not there. */
function filesUnder(path: string): string[] {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return globSync("**/*", { cwd: full, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** One hash over names and contents: equal if and only if nothing of the inputs has changed. */
export function hashOf(inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap(filesUnder))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  return hash.digest("hex");
}

/** Bytes of a file, or of all files of a folder together. */
export const sizeOf = (path: string): number =>
  filesUnder(path).reduce((sum, file) => sum + statSync(join(ROOT, file)).size, 0);
