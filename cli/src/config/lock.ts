import { closeSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import { cannotWrite, errnoOf } from "./files.ts";
import { letGo, willGo } from "./leftovers.ts";

const WAIT_MS = 10_000;
const STALE_AFTER_MS = 10_000;

/**
 * Run `work` while holding the lock file at `path`. What is done inside takes milliseconds, so a lock that is ten seconds
 * old was left by a program that was killed, and is taken away.
 *
 * A program that was stopped for so long finds its lock taken over, and two that find a stale one at the same instant might,
 * in theory, both come to hold it. What they guard stands that: the config file and what was seen are compared again before
 * they are replaced, and a proof counter given twice is refused by the broker and asked for anew.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const taken = await takeLock(path, {
    create,
    clear: removeStale,
    waitMs: WAIT_MS,
    pauseMs: [1, 10],
    busy: "another jcfetch is at work on the same file",
  });
  if (!taken.ok) return taken;
  try {
    return await work();
  } finally {
    letGo(path);
  }
}

/** How a kind of lock file is made, and how long somebody waits for one. */
export interface LockKind {
  /** @returns what the system says against it. */
  readonly create: (path: string) => string | undefined;
  /** Takes away what nobody holds any more. @returns whether to try again at once. */
  readonly clear: (path: string) => boolean;
  readonly waitMs: number;
  /** Between two looks: at least, and less than. */
  readonly pauseMs: readonly [number, number];
  readonly busy: string;
}

/** @errors `busy`, `cannot-write`. */
export async function takeLock(
  path: string,
  { create, clear, waitMs, pauseMs: [least, most], busy }: LockKind,
): Promise<Result<null, Failure>> {
  const until = performance.now() + waitMs;
  for (;;) {
    const errno = create(path);
    if (errno === undefined) return ok(null);
    if (errno !== "EEXIST") return err(cannotWrite(dirname(path), errno));
    if (clear(path)) continue;
    if (performance.now() > until) return err(fail("busy", busy, "try again in a few seconds"));
    await pause(least + Math.random() * (most - least));
  }
}

/** @returns how to release it; `undefined` while somebody else holds it, or where none can be made. */
export function tryLock(path: string): (() => void) | undefined {
  if (create(path) === undefined) return () => letGo(path);
  removeStale(path);
  return undefined;
}

/** In one go, as all that follows: an interruption comes before it is there, or finds it noted. */
function create(path: string): string | undefined {
  try {
    closeSync(openSync(path, "wx", 0o600));
    willGo(path);
    return undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

/** Moved aside before it is removed, so that of several programs that see it only one takes it away. */
function removeStale(path: string): boolean {
  try {
    const { mtimeMs } = statSync(path);
    // One from the future was made before the clock was set back.
    if (Math.abs(Date.now() - mtimeMs) < STALE_AFTER_MS) return false;
    const aside = `${path}.${crypto.randomUUID()}`;
    renameSync(path, aside);
    rmSync(aside, { force: true });
    return true;
  } catch (error) {
    return errnoOf(error) === "ENOENT";
  }
}
