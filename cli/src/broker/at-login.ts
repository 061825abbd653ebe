import { execFile } from "node:child_process";
import { mkdir, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import { cannotWrite, errnoOf } from "../config/files.ts";
import { removeMade } from "../config/folder.ts";
import { writeWhole } from "../config/replace-file.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { hostCommand } from "./host-program.ts";
import { brokerStateDir, servicePath } from "./place.ts";
import { installCommands, removeCommands, serviceText } from "./service.ts";

const COMMAND_MS = 20 * SECOND_MS;

export const isAtLogin = (host: Host): Promise<boolean> =>
  stat(servicePath(host)).then(
    () => true,
    () => false,
  );

/** Have the system start the broker now and whenever this user signs in. Leaves nothing behind when it cannot. */
export async function installAtLogin(host: Host): Promise<Result<null, Failure>> {
  const command = await hostCommand(host);
  if (!command.ok) return command;
  const path = servicePath(host);
  const workerd = host.env.JCFETCH_WORKERD;
  const service = {
    host: command.value,
    stateDir: brokerStateDir(host),
    ...(workerd === undefined ? {} : { workerd }),
  };
  let made: string | undefined;
  try {
    made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    return err(cannotWrite(dirname(path), errnoOf(error)));
  }
  const written = await writeWhole(path, serviceText(host.platform, service), { mode: 0o600 });
  if (!written.ok) {
    await removeMade(made, dirname(path));
    return written;
  }
  for (const words of installCommands(host.platform, path, host.uid)) {
    if (await runs(host, words)) continue;
    await removeAtLogin(host);
    await removeMade(made, dirname(path));
    const title = `the system does not take a service of yours (${words.slice(0, 2).join(" ")} failed)`;
    return err(fail("no-service", title, "start it without --at-login; nothing was left behind"));
  }
  return ok(null);
}

/** @returns whether there was anything to remove. A broker that runs goes on. */
export async function removeAtLogin(host: Host): Promise<boolean> {
  if (!(await isAtLogin(host))) return false;
  for (const words of removeCommands(host.platform)) await runs(host, words);
  await rm(servicePath(host), { force: true });
  return true;
}

function runs(host: Host, [program, ...args]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { env: { ...host.env }, timeout: COMMAND_MS, windowsHide: true };
    execFile(program!, args, options, (error) => resolve(error === null));
  });
}
