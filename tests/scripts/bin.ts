import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JCFETCH } from "../support/terminal.ts";

export type Build = keyof typeof JCFETCH;
export const BUILDS: readonly Build[] = ["bundle", "executable"];

/** Runs a command for which the modes of files hold, as they do not for root. */
const POWERLESS = `#!/bin/sh
if [ "$(id -u)" = 0 ]; then exec setpriv --bounding-set=-all "$@"; else exec "$@"; fi
`;

/** A folder with `jcfetch` in it, for the command lines of a transcript; outside of home, which is compared. */
export async function installBin(build: Build): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "jcfetch-bin-"));
  const name = join(path, "jcfetch");
  if (build === "executable") await symlink(JCFETCH.executable, name);
  else {
    const script = `#!/bin/sh\nexec "${process.execPath}" "${JCFETCH.bundle}" "$@"\n`;
    await writeFile(name, script, { mode: 0o755 });
  }
  await writeFile(join(path, "powerless"), POWERLESS, { mode: 0o755 });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
