import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;

/** The process of that id is there. One that belongs to somebody else counts. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes a lock whose process has ended. Returns whether it did. */
function clearIfAbandoned(path: string): boolean {
  let owner: string;
  try {
    owner = readFileSync(path, "utf8");
  } catch {
    return true;
  }
  if (owner === "" || isAlive(Number(owner))) return false;
  rmSync(path, { force: true });
  return true;
}

/** Does `work` while no other process does work under the lock file `path`. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (!clearIfAbandoned(path)) await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
