/**
 * `npm run pack`: what a release consists of, in `artifacts/release`, as far as this system makes it without a network: the npm
 * package, this system's executable, an archive of the extension for each browser, the Worker's bundle, manual page and
 * completions, the list of packages, and the SHA-256 of all of them. Same sources, same bytes. `npm run release` adds the
 * executables for other systems.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildAll } from "./build.ts";
import { filesIn, sha256 } from "./lib/files.ts";
import { type LockedPackage, readLock } from "./lib/lockfile.ts";
import { ROOT } from "./lib/process.ts";
import { kilobytes, say, seconds } from "./lib/report.ts";
import { sbom } from "./lib/sbom.ts";
import { tarGz } from "./lib/tar.ts";
import { zip } from "./lib/zip.ts";
import { executableFor } from "./release/executables.ts";
import { archiveOf, completions, npmPackage } from "./release/layout.ts";
import { ownTarget, type Target } from "./release/targets.ts";

export const RELEASE = "artifacts/release";

/** A file of the release: its name there, what is in it, and the milliseconds it took. */
type OnFile = (name: string, bytes: number, tookMs: number) => void;

export const zipOfFolder = (folder: string): Buffer =>
  zip(filesIn(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) })));

async function archiveFor(target: Target, name: string): Promise<Buffer> {
  const entries = await archiveOf(name, target, await executableFor(target));
  return target.platform === "win32" ? zip(entries) : tarGz(entries);
}

/** Name → how it is made. The sums come last, of all the others. */
function filesOf(version: string, targets: readonly Target[]): [string, () => Buffer | Promise<Buffer>][] {
  const output = (folder: string) => () => zipOfFolder(join(ROOT, "extension/.output", folder));
  const from = (path: string) => () => readFileSync(join(ROOT, path));
  return [
    [`jcfetch-${version}.tgz`, () => tarGz(npmPackage())],
    [`jcfetch-${version}-chromium.zip`, output("chrome-mv3")],
    [`jcfetch-${version}-firefox.zip`, output("firefox-mv3")],
    ["worker/index.js", from("worker/dist/index.js")],
    ["jcfetch.1", from("cli/dist/jcfetch.1")],
    ...completions().map(({ name, content }): [string, () => Buffer] => [name, () => content]),
    ["sbom.cdx.json", () => Buffer.from(`${JSON.stringify(sbom(readLock()), null, 2)}\n`)],
    ...targets.map((target): [string, () => Promise<Buffer>] => {
      const name = `jcfetch-${version}-${target.name}`;
      return [`${name}.${target.platform === "win32" ? "zip" : "tar.gz"}`, () => archiveFor(target, name)];
    }),
  ];
}

/** Builds everything and lays it out. @returns the lines of SHA256SUMS. */
export async function pack(targets: readonly Target[], onFile: OnFile = () => {}): Promise<string[]> {
  await buildAll(() => {});
  const release = join(ROOT, RELEASE);
  rmSync(release, { recursive: true, force: true });
  const { version } = readLock()[""] as LockedPackage;
  for (const [name, make] of filesOf(version, targets)) {
    const startedMs = performance.now();
    const path = join(release, name);
    mkdirSync(dirname(path), { recursive: true });
    const content = await make();
    writeFileSync(path, content);
    onFile(name, content.length, performance.now() - startedMs);
  }
  const sums = filesIn(release).map((name) => `${sha256(join(release, name))}  ${name}`);
  writeFileSync(join(release, "SHA256SUMS"), `${sums.join("\n")}\n`);
  return sums;
}

export const describeFile: OnFile = (name, bytes, tookMs) =>
  say(`${name.padEnd(36)} ${kilobytes(bytes).padStart(10)}  ${seconds(tookMs)}`);

if (import.meta.main) {
  const own = ownTarget();
  for (const line of await pack(own ? [own] : [], describeFile)) say(line);
  say(`\nin ${RELEASE}`);
}
