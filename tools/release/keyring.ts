import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lock } from "../lib/lockfile.ts";
import { ROOT } from "../lib/process.ts";
import type { TarEntry } from "../lib/tar.ts";
import { packageFor } from "./packages.ts";
import type { Target } from "./targets.ts";

const KEYRING = "@napi-rs/keyring";

/** As it was installed here; what is for another system is not. */
const folderOf = async (name: string, lock: Lock): Promise<string> => {
  const installed = join(ROOT, "node_modules", name);
  return existsSync(installed) ? installed : packageFor(name, lock);
};

/**
 * The system's keyring, as an executable finds it beside itself. A module that lies outside of the executable finds files beside
 * itself, but no other package: so the native part is one of its files here, and not a package of its own.
 *
 * @source seen with Bun 1.4.5
 */
export async function keyringFor({ keyring }: Target, lock: Lock): Promise<TarEntry[]> {
  const name = `${KEYRING}-${keyring}`;
  const [common, native] = [await folderOf(KEYRING, lock), await folderOf(name, lock)];
  const from = (folder: string, file: string): TarEntry => ({
    name: `node_modules/${KEYRING}/${file}`,
    content: readFileSync(join(folder, file)),
  });
  return [
    ...["package.json", "index.js", "LICENSE"].map((file) => from(common, file)),
    ...[`keyring.${keyring}.node`, "LICENSE.third-party.md"].map((file) => from(native, file)),
  ];
}
