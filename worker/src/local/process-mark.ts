import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

/** A process, told apart from a later one that was given the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in whatever words this system has for it. */
  readonly started: string;
}

const run = promisify(execFile);

/** @returns `undefined` when there is no such process, or none that has not ended. */
export async function markOf(pid: number): Promise<ProcessMark | undefined> {
  const started = await startOf(pid).catch(() => "");
  return started === "" ? undefined : { pid, started };
}

async function startOf(pid: number): Promise<string> {
  if (process.platform === "linux") {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    // The program's name stands in parentheses and may hold anything; state is the 3rd field, start time the 22nd. @source proc(5)
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "" : `${boot.trim()} ${fields[19]}`;
  }
  if (process.platform === "win32") {
    const command = `(Get-Process -Id ${pid}).StartTime.Ticks`;
    return (await run("powershell.exe", ["-NoProfile", "-Command", command])).stdout.trim();
  }
  return (await run("ps", ["-o", "lstart=", "-p", String(pid)])).stdout.trim();
}

export async function isAlive(mark: ProcessMark): Promise<boolean> {
  return (await markOf(mark.pid))?.started === mark.started;
}

/** Resident memory; null where it cannot be told. */
export async function rssOf(pid: number): Promise<number | null> {
  try {
    if (process.platform === "linux") {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
      return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
    }
    if (process.platform === "win32") return null;
    return Number((await run("ps", ["-o", "rss=", "-p", String(pid)])).stdout.trim()) * 1_024;
  } catch {
    return null;
  }
}

const LOOK_EVERY_MS = 25;

/** End a process: first by asking, then by force. @returns false when it is still there. */
export async function endProcess(mark: ProcessMark, graceMs: number): Promise<boolean> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    // Looked at again right before the signal: the number might be another's by now.
    if (!(await isAlive(mark))) return true;
    try {
      process.kill(mark.pid, signal);
    } catch {
      return !(await isAlive(mark));
    }
    if (await goneWithin(mark, graceMs)) return true;
  }
  return false;
}

async function goneWithin(mark: ProcessMark, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (await isAlive(mark)) {
    if (performance.now() > until) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}
