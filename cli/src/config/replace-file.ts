import { readFileSync, statSync } from "node:fs";
import { lstat, mkdir, open, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";
import { cannotRead, cannotWrite, errnoOf, irregular } from "./files.ts";
import { removeMade } from "./folder.ts";
import { letGo, willGo } from "./leftovers.ts";
import { withLock } from "./lock.ts";

/** Here, and not asked of Node: every command reads a file, and that module would be loaded for nothing else. */
const devNull = process.platform === "win32" ? "\\\\.\\nul" : "/dev/null";

/** The bytes of a file; `undefined` when it is not there, which people also say with the null device. */
export async function readIfThere(path: string): Promise<Result<Buffer | undefined, Failure>> {
  if (path === devNull) return ok(undefined);
  try {
    // Looked at first: opening a FIFO waits for somebody who writes. In one go, as it is a small file that every command reads.
    if (!statSync(path).isFile()) return err(irregular("cannot-read", path));
    return ok(readFileSync(path));
  } catch (error) {
    const errno = errnoOf(error);
    return errno === "ENOENT" || errno === "ENOTDIR" ? ok(undefined) : err(cannotRead(path, errno));
  }
}

/** Instead of what to write: there is to be no file. */
export const GONE = "gone" as const;

/** What to write, or `undefined` to leave the file alone. */
export type Edit = (bytes: Buffer | undefined) => Result<Buffer | typeof GONE | undefined, Failure>;

/** Asked for under the lock, when it is known that there is something to write; then told whether it was written. */
export type Keep = (
  bytes: Buffer | undefined,
) => Promise<Result<(changed: boolean) => Promise<void>, Failure>>;

/** How often what another program has just written is taken in before one gives up. */
export const TRIES = 4;

/**
 * [CL3] Replace a file whole or not at all: under a lock, by a new file of the same mode that takes the old one's name. A
 * symbolic link stays, and the file it leads to is replaced. If another program has written meanwhile, the edit is made
 * again on what it wrote.
 */
export async function editFile(path: string, edit: Edit, keep?: Keep): Promise<Result<null, Failure>> {
  const target = await resolveLink(path);
  if (!target.ok) return target;
  const before = await readIfThere(target.value);
  if (!before.ok) return before;
  // Without a look first, a refused edit would leave a folder and a lock file behind for a moment.
  const planned = edit(before.value);
  if (!planned.ok || planned.value === undefined) return planned.ok ? ok(null) : planned;
  if (target.value === devNull) return err(irregular("cannot-write", target.value));

  const folder = dirname(target.value);
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return err(cannotWrite(folder, errnoOf(error)));
  }
  const done = await withLock(`${target.value}.jcfetch-lock`, () => replace(target.value, edit, keep));
  // [CL5] A full disk takes a folder and then no file: the folder goes again, if nothing of anybody's is in it.
  if (!done.ok) await removeMade(made, folder);
  return done;
}

async function replace(target: string, edit: Edit, keep?: Keep): Promise<Result<null, Failure>> {
  for (let i = 0; i < TRIES; i++) {
    const before = await readIfThere(target);
    if (!before.ok) return before;
    const edited = edit(before.value);
    if (!edited.ok) return edited;
    if (edited.value === undefined) return ok(null);
    const mayReplace = () => isStill(target, before.value);
    if (edited.value === GONE) {
      if (!(await mayReplace())) continue;
      return removed(target);
    }
    const kept: Awaited<ReturnType<Keep>> = keep ? await keep(before.value) : ok(async () => {});
    if (!kept.ok) return kept;
    const written = await writeWhole(target, edited.value, { mayReplace });
    await kept.value(written.ok && written.value);
    if (!written.ok || written.value) return written.ok ? ok(null) : written;
  }
  return err(cannotWrite(target, "another program keeps changing it"));
}

async function removed(target: string): Promise<Result<null, Failure>> {
  try {
    await rm(target, { force: true });
    return ok(null);
  } catch (error) {
    return err(cannotWrite(target, errnoOf(error)));
  }
}

/** Are these still the file's bytes? Where not, another program has written: our lock was taken over. */
export async function isStill(target: string, before: Buffer | undefined): Promise<boolean> {
  const now = await readIfThere(target);
  if (!now.ok) return false;
  return before === undefined ? now.value === undefined : now.value?.equals(before) === true;
}

export interface Writing {
  /** Mode of the file; without it, the mode and owner it has, or 0600 for a new one. */
  readonly mode?: number;
  /** Whether it must survive a power cut; default yes. Without, the file is whole all the same, perhaps an older one. */
  readonly durable?: boolean;
  /** Asked last, when all that can fail but the rename has been done. */
  readonly mayReplace?: () => Promise<boolean>;
}

/**
 * Write beside the target, then rename over it.
 *
 * @returns false when `mayReplace` said no; nothing is left behind.
 */
export async function writeWhole(
  target: string,
  bytes: Uint8Array,
  { mode, durable = true, mayReplace }: Writing = {},
): Promise<Result<boolean, Failure>> {
  const temporary = join(dirname(target), `.${basename(target)}.jcfetch-${crypto.randomUUID()}`);
  try {
    const old = await stat(target).catch(() => undefined);
    if (old && !old.isFile()) return err(irregular("cannot-write", target));
    willGo(temporary);
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      if (mode !== undefined) await file.chmod(mode);
      else if (old) {
        // Only root may give a file away; for everybody else it is theirs already.
        await file.chown(old.uid, old.gid).catch(() => undefined);
        await file.chmod(old.mode & 0o7777);
      }
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    if (mayReplace && !(await mayReplace())) return ok(false);
    await rename(temporary, target);
    return ok(true);
  } catch (error) {
    return err(cannotWrite(target, errnoOf(error)));
  } finally {
    letGo(temporary);
  }
}

/** Where a symbolic link leads in the end, also when nothing is there yet. */
async function resolveLink(path: string): Promise<Result<string, Failure>> {
  try {
    return ok(await realpath(path));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== "ENOENT" && errno !== "ENOTDIR") return err(cannotRead(path, errno));
  }
  const link = await lstat(path).catch(() => undefined);
  if (!link?.isSymbolicLink()) return ok(path);
  return ok(resolve(dirname(path), await readlink(path)));
}
