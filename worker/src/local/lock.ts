import { link, mkdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readMark, writeWhole } from "./files.ts";
import { isAlive, markOf, type ProcessMark } from "./process-mark.ts";

/*
 * [LB3] One supervisor per state folder. The lock is a file that names its holder; it is taken by a hard link, which fails
 * when the name is there. One whose holder has ended is taken away first.
 */

const TRIES = 100;
const WAIT_MS = 20;
const ABANDONED_MS = 10_000;

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

/**
 * Take away a lock whose holder has ended. A file that is there cannot become another one but by being removed, and that is
 * done by one at a time.
 */
async function clear(path: string): Promise<void> {
  const turn = `${path}.clearing`;
  try {
    await mkdir(turn);
  } catch {
    await clearAbandoned(turn);
    return pause(WAIT_MS);
  }
  try {
    const mark = await readMark(path); // none: somebody may be taking it right now
    if (mark && !(await isAlive(mark))) await rm(path, { force: true });
  } finally {
    await rmdir(turn);
  }
}

/** Clearing takes milliseconds: what is older was left by one that was killed at it. */
async function clearAbandoned(turn: string): Promise<void> {
  const found = await stat(turn).catch(() => undefined);
  if (found && Math.abs(Date.now() - found.mtimeMs) > ABANDONED_MS) await rmdir(turn).catch(() => undefined);
}
