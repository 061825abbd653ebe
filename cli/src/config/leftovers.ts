import { rmSync } from "node:fs";

const LEFTOVERS: unique symbol = Symbol.for("jcfetch.leftovers");

/** Locks this process holds and files it has not put in place yet: an interruption must not leave them lying. */
const passing = oneOfTheProcess();

/** The bundle may hold this module more than once, in parts that are loaded when they are needed. */
function oneOfTheProcess(): Set<string> {
  const known = globalThis as { [LEFTOVERS]?: Set<string> };
  known[LEFTOVERS] ??= new Set();
  return known[LEFTOVERS];
}

/** @param path is there for as long as this process works on it, and is nobody else's. */
export const willGo = (path: string): void => void passing.add(path);

/** Remove it now. Without a pause between the two: in one, it could become another process's file of the same name. */
export function letGo(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its folder is not writable any more: nothing is to be done about it.
  }
  passing.delete(path);
}

/** For a process that is told to end. */
export function removeLeftovers(): void {
  for (const path of passing) letGo(path);
}
