/**
 * The extension as tests and the demo load it: the shipped build, but for its manifest, which has the hosts with a name granted
 * at install. No test can answer the browser's own question for them. `tests/contract/tested-extension.test.ts` holds the two
 * to exactly that difference.
 */
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "./build.ts";

/** Not moved: a broker elsewhere is asked for in tests, too. */
const ANY_HOST = "https://*/*";

interface Manifest {
  readonly optional_host_permissions: readonly string[];
}

export async function makeTested(browser: "chromium" | "firefox"): Promise<void> {
  const { path } = await ensureBuilt(`extension-${browser}`);
  const tested = `${path}-tested`;
  const making = `${tested}.making`;
  for (const folder of [making, tested]) rmSync(folder, { recursive: true, force: true });
  cpSync(path, making, { recursive: true });
  const file = join(making, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const named = manifest.optional_host_permissions.filter((host) => host !== ANY_HOST);
  const granted = { ...manifest, host_permissions: named, optional_host_permissions: [ANY_HOST] };
  writeFileSync(file, JSON.stringify(granted));
  renameSync(making, tested);
}

if (import.meta.main) await makeTested(process.argv[2] === "firefox" ? "firefox" : "chromium");
