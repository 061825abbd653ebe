/**
 * `npm run zip`: what the extension's stores are given, in `artifacts/store`: an archive for Chrome and Edge, one for Firefox, and the
 * sources that Firefox's reviewers build it from. Same sources, same bytes.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "./build.ts";
import { sha256 } from "./lib/files.ts";
import { type LockedPackage, readLock } from "./lib/lockfile.ts";
import { ROOT } from "./lib/process.ts";
import { kilobytes, say } from "./lib/report.ts";
import { zip } from "./lib/zip.ts";
import { zipOfFolder } from "./pack.ts";

export const STORE = "artifacts/store";

/** What git holds or would take, as it is in the working tree. */
function sources(): Buffer {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const names = listed.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name)));
  return zip(names.map((name) => ({ name, content: readFileSync(join(ROOT, name)) })));
}

/** @returns name → path of each archive. */
export async function zipForStores(folder = join(ROOT, STORE)): Promise<Record<string, string>> {
  const { version } = readLock()[""] as LockedPackage;
  mkdirSync(folder, { recursive: true });
  const made: Record<string, string> = {};
  const keep = (name: string, content: Buffer): void => {
    made[name] = join(folder, `jcfetch-${version}-${name}.zip`);
    writeFileSync(made[name], content);
  };
  for (const browser of ["chromium", "firefox"] as const)
    keep(browser, zipOfFolder((await ensureBuilt(`extension-${browser}`)).path));
  keep("sources", sources());
  return made;
}

if (import.meta.main) {
  for (const path of Object.values(await zipForStores()))
    say(`${sha256(path)}  ${path.slice(ROOT.length + 1)}  ${kilobytes(readFileSync(path).length)}`);
}
