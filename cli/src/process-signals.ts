import { closeSync, openSync, readFileSync } from "node:fs";
import { errnoOf } from "./config/files.ts";

/**
 * Hear these signals, in the place of all that was done on them so far; those that this system does not have never come.
 *
 * @returns the way back.
 */
export function onSignals(
  names: readonly NodeJS.Signals[],
  heard: (name: NodeJS.Signals) => void,
): () => void {
  const before = names.map((name) => [name, process.rawListeners(name)] as const);
  for (const name of names) process.removeAllListeners(name).on(name, heard);
  return () => {
    for (const [name, listeners] of before) {
      process.off(name, heard);
      for (const listener of listeners) process.on(name, listener as NodeJS.SignalsListener);
    }
  };
}

/** @source proc_pid_stat(5): the fifth field is the process group, the eighth the terminal's foreground group. */
export function inForeground(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === foreground;
  } catch {
    return hasTerminal(); // where the system does not tell, whoever has a terminal counts
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return process.platform === "win32";
  }
}

/** Whether a process of this number runs, whoever's it is; within this namespace of processes. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== "ESRCH";
  }
}

export const suspend = (): void => void process.kill(process.pid, "SIGSTOP");
