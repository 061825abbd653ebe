import { accessSync, constants, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const NAME = process.platform === "win32" ? "workerd.exe" : "workerd";

/**
 * The program that runs the Worker: the one `JCFETCH_WORKERD` names, else the one beside this program, else the npm
 * package's.
 *
 * @returns `undefined` when there is none.
 */
export function findWorkerd(env: NodeJS.ProcessEnv, folder: string): string | undefined {
  const said = env.JCFETCH_WORKERD;
  if (said) return isProgram(said) ? said : undefined;
  const beside = join(folder, NAME);
  if (existsSync(beside)) return beside;
  try {
    const installed = createRequire(join(folder, "host.mjs"))("workerd") as { default: string };
    return existsSync(installed.default) ? installed.default : undefined;
  } catch {
    return undefined;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
