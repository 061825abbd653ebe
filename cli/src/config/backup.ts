import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";
import { cannotRead, cannotWrite, errnoOf } from "./files.ts";
import { writeWhole } from "./replace-file.ts";

/** What the copy of no file says: an empty one is another thing. */
const NO_FILE = Buffer.from("# There was no file.\n");

/** @returns `undefined` for the copy of no file. */
export const contentOf = (copy: Buffer): Buffer | undefined => (copy.equals(NO_FILE) ? undefined : copy);

/** How many changes can be undone. */
const KEPT = 5;

export interface Backup {
  /** A higher one is newer. */
  readonly number: number;
  readonly path: string;
}

/** Copies of a file as it was before each of our last changes, oldest first. */
export async function listBackups(path: string): Promise<Result<readonly Backup[], Failure>> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.jcfetch-backup-`;
  try {
    const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
    const numbers = names.map((name) => name.slice(prefix.length)).filter((text) => /^\d{1,9}$/.test(text));
    return ok(
      numbers
        .map((text) => ({ number: Number(text), path: join(folder, `${prefix}${text}`) }))
        .sort((a, b) => a.number - b.number),
    );
  } catch (error) {
    const errno = errnoOf(error);
    return errno === "ENOENT" || errno === "ENOTDIR" ? ok([]) : err(cannotRead(folder, errno));
  }
}

/** What happens to a copy that was made ahead of a change: it stays if the change came about. */
export type Settle = (changed: boolean) => Promise<void>;

/**
 * [PR3] Copy a file before it is changed, for its owner alone; where there was none, the copy says so.
 *
 * @errors `cannot-read`, `cannot-write`: nothing was copied, and nothing must be changed.
 */
export async function backUp(path: string, bytes: Buffer | undefined): Promise<Result<Settle, Failure>> {
  const before = await listBackups(path);
  if (!before.ok) return before;
  const number = (before.value.at(-1)?.number ?? 0) + 1;
  const copy = `${path}.jcfetch-backup-${number}`;
  const written = await writeWhole(copy, bytes ?? NO_FILE, { mode: 0o600 });
  if (!written.ok) return written;
  return ok(async (changed) => {
    const spare = changed
      ? before.value.slice(0, Math.max(0, before.value.length + 1 - KEPT))
      : [{ path: copy }];
    // One that cannot be removed is a copy too many, and no reason to fail.
    for (const one of spare) await rm(one.path, { force: true }).catch(() => undefined);
  });
}

export async function removeBackups(backups: readonly Backup[]): Promise<Result<null, Failure>> {
  for (const { path } of backups) {
    try {
      await rm(path, { force: true });
    } catch (error) {
      return err(cannotWrite(path, errnoOf(error)));
    }
  }
  return ok(null);
}
