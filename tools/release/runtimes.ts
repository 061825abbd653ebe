import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Lock } from "../lib/lockfile.ts";
import { ROOT, run } from "../lib/process.ts";
import type { Target } from "./targets.ts";

/** Kept from one release to the next: they are large, and change with the lock file alone. */
const KEPT = join(ROOT, "artifacts/runtimes");

/**
 * Bun for another system, from its npm package at the version of the lock file. It counts only with the checksum that stands
 * there, whoever served it and however long it has lain here.
 *
 * @returns path of the program.
 */
export async function runtimeOf(target: Target, lock: Lock, kept = KEPT): Promise<string> {
  const { version, integrity } = lock[`node_modules/${target.runtime}`] ?? {};
  if (version === undefined || integrity === undefined)
    throw new Error(`${target.runtime} is not in the lock file`);
  const archive = join(kept, `${target.name}-${version}.tgz`);
  if (!existsSync(archive)) await download(`${target.runtime}@${version}`, archive);
  if (integrityOf(readFileSync(archive)) !== integrity) {
    rmSync(archive);
    throw new Error(`${target.runtime}@${version} is not what the lock file says: its checksum differs`);
  }
  return unpack(archive, target);
}

const integrityOf = (content: Buffer): string =>
  `sha512-${createHash("sha512").update(content).digest("base64")}`;

async function download(wanted: string, to: string): Promise<void> {
  const folder = `${to}.part`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = ["--pack-destination", folder, "--ignore-scripts", "--json"];
  const { code, output } = await run("npm", ["pack", wanted, ...options]);
  if (code !== 0) throw new Error(`npm does not give ${wanted}\n${output}`);
  // A JSON list of one, with npm's warnings before it if there are any.
  const [, filename] = /"filename": "([^"/]+)"/.exec(output) ?? [];
  if (filename === undefined) throw new Error(`npm names no file for ${wanted}\n${output}`);
  renameSync(join(folder, filename), to);
  rmSync(folder, { recursive: true });
}

async function unpack(archive: string, { platform }: Target): Promise<string> {
  const folder = archive.replace(/\.tgz$/, "");
  const program = platform === "win32" ? "bun.exe" : "bun";
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = ["-xzf", archive, "-C", folder, "--strip-components=2", `package/bin/${program}`];
  const { code, output } = await run("tar", args);
  if (code !== 0) throw new Error(`${archive} cannot be unpacked\n${output}`);
  return join(folder, program);
}
