import { link, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readMark, writeWhole } from "./files.ts";
import { isAlive, markOf, type ProcessMark } from "./process-mark.ts";

/*
 * [LB3] One supervisor per state folder. The lock is a file that names its holder; it is taken by a hard link, which fails
 * when the name is there, and one whose holder has ended is moved aside. Who has moved a file aside looks at what it was: two
 * that come at once cannot take each other's.
 */

const TRIES = 8;

/** @returns the holder when it is somebody else, else how to give the lock back. */
export async function takeLock(path: string): Promise<ProcessMark | (() => Promise<void>)> {
  const own = await markOf(process.pid);
  if (!own) throw new Error("this process cannot be seen");
  const aside = join(dirname(path), `.lock.${crypto.randomUUID()}`);
  await writeWhole(aside, JSON.stringify(own));
  try {
    for (let i = 0; i < TRIES; i++) {
      if (await linked(aside, path)) return () => rm(path, { force: true });
      const holder = await holderOf(path);
      if (holder) return holder;
      await clear(path);
    }
  } finally {
    await rm(aside, { force: true });
  }
  throw new Error("the lock changes hands without end");
}

/** Who holds the lock and is alive. */
export async function holderOf(path: string): Promise<ProcessMark | undefined> {
  const mark = await readMark(path);
  return mark && (await isAlive(mark)) ? mark : undefined;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function clear(path: string): Promise<void> {
  const moved = `${path}.${crypto.randomUUID()}`;
  try {
    await rename(path, moved);
  } catch {
    return; // somebody else was faster
  }
  if (await holderOf(moved)) await linked(moved, path); // it was taken between the look and the move: back with it
  await rm(moved, { force: true });
}
