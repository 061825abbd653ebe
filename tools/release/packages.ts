import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Lock } from "../lib/lockfile.ts";
import { ROOT, run } from "../lib/process.ts";

/** Kept from one release to the next: they are large, and change with the lock file alone. */
const KEPT = join(ROOT, "artifacts/packages");

/**
 * An npm package for another system, at the version of the lock file. It counts only with the checksum that stands there,
 * whoever served it and however long it has lain here.
 *
 * @returns path of its folder, unpacked.
 */
export async function packageFor(name: string, lock: Lock, kept = KEPT): Promise<string> {
  const { version, integrity } = lock[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`${name} is not in the lock file`);
  const archive = join(kept, `${name.replace("/", "-")}-${version}.tgz`);
  if (!existsSync(archive)) await download(`${name}@${version}`, archive);
  if (integrityOf(readFileSync(archive)) !== integrity) {
    rmSync(archive);
    throw new Error(`${name}@${version} is not what the lock file says: its checksum differs`);
  }
  return unpack(archive);
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

async function unpack(archive: string): Promise<string> {
  const folder = archive.replace(/\.tgz$/, "");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { code, output } = await run("tar", ["-xzf", archive, "-C", folder, "--strip-components=1"]);
  if (code !== 0) throw new Error(`${archive} cannot be unpacked\n${output}`);
  return folder;
}
