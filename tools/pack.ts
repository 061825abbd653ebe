/**
 * `npm run pack`: what a release consists of, in `artifacts/release`: the Worker's bundle, the command line, an archive of
 * the extension for each browser, the list of packages, and the SHA-256 of all of them. Same sources, same bytes.
 */
import { createHash } from "node:crypto";
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildAll } from "./build.ts";
import { type LockedPackage, readLock } from "./lib/lockfile.ts";
import { ROOT } from "./lib/process.ts";
import { say } from "./lib/report.ts";
import { sbom } from "./lib/sbom.ts";
import { zip } from "./lib/zip.ts";

export const RELEASE = "artifacts/release";

/** Files under a folder, from that folder, with `/`. */
export const filesIn = (folder: string): string[] =>
  globSync("**/*", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

export const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

function archive(folder: string): Buffer {
  return zip(filesIn(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) })));
}

function write(name: string, content: Buffer | string): void {
  const path = join(ROOT, RELEASE, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Builds everything and lays it out. @returns the lines of SHA256SUMS. */
export async function pack(): Promise<string[]> {
  await buildAll(() => {});
  const release = join(ROOT, RELEASE);
  rmSync(release, { recursive: true, force: true });
  const lock = readLock();
  const { version } = lock[""] as LockedPackage;
  for (const [browser, output] of [
    ["chromium", "chrome-mv3"],
    ["firefox", "firefox-mv3"],
  ] as const)
    write(`jcfetch-${version}-${browser}.zip`, archive(join(ROOT, "extension/.output", output)));
  write("worker/index.js", readFileSync(join(ROOT, "worker/dist/index.js")));
  const cli = join(ROOT, "cli/dist");
  for (const name of filesIn(cli)) {
    const path = join(release, "cli", name);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(cli, name), path);
  }
  write("sbom.cdx.json", `${JSON.stringify(sbom(lock), null, 2)}\n`);
  const sums = filesIn(release).map((name) => `${sha256(join(release, name))}  ${name}`);
  write("SHA256SUMS", `${sums.join("\n")}\n`);
  return sums;
}

if (import.meta.main) {
  for (const line of await pack()) say(line);
  say(`\nin ${RELEASE}`);
}
