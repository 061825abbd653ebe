import { closeSync, openSync, rmSync } from "node:fs";
import { chmod, mkdir, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { cannotRead, cannotWrite, errnoOf } from "./files.ts";

/** [CL5] Find out whether our folder can be made and written, and leave nothing behind: what comes next may never come about. */
export async function tryFolder(folder: string): Promise<Result<null, Failure>> {
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    const prepared = await prepareFolder(folder);
    await removeMade(made, folder);
    return prepared;
  } catch (error) {
    return err(cannotWrite(folder, errnoOf(error)));
  }
}

/** Take a folder of ours away, if nothing is in it. */
export async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(errnoOf);
}

/** [CL4] Make our folder, for its owner alone, and find out whether it can be written before anything depends on it. */
export async function prepareFolder(folder: string): Promise<Result<null, Failure>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const probe = join(folder, `.probe-${crypto.randomUUID()}`);
    closeSync(openSync(probe, "wx", 0o600));
    rmSync(probe); // at once, so that no interruption leaves it lying
    return ok(null);
  } catch (error) {
    return err(cannotWrite(folder, errnoOf(error)));
  }
}

/**
 * [CL5] Take folders away again that were made for a file that could not be written, if nothing of anybody's is in them.
 *
 * @param made the first one that was made, as `mkdir` says; `undefined` when all were there.
 */
export async function removeMade(made: string | undefined, folder: string): Promise<void> {
  if (made === undefined) return;
  try {
    for (let at = folder; at.length >= made.length; at = dirname(at)) await rmdir(at);
  } catch (error) {
    errnoOf(error); // somebody has put something there
  }
}

const OTHERS = 0o077;

/**
 * [CL4] Refuse what other users of this host could have read, or could have put there.
 *
 * @returns false when there is nothing at `path`.
 */
export async function isPrivate(host: Host, path: string): Promise<Result<boolean, Failure>> {
  try {
    const found = await stat(path);
    if (host.uid === undefined) return ok(true); // a system without modes: the profile folder is the user's own
    if (found.uid !== host.uid) {
      return err(
        fail("device-exposed", `${path} belongs to another user`, "pair under your own user: jcfetch pair"),
      );
    }
    if ((found.mode & OTHERS) === 0) return ok(true);
    const title = `other users of this host can open ${path}, which holds this terminal's keys`;
    return err(
      fail(
        "device-exposed",
        title,
        "remove this terminal in the extension; then jcfetch pair, which makes new keys",
      ),
    );
  } catch (error) {
    const errno = errnoOf(error);
    return errno === "ENOENT" || errno === "ENOTDIR" ? ok(false) : err(cannotRead(path, errno));
  }
}
