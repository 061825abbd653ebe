import { existsSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/*
 * What a process costs, as Linux counts it, and what its disk costs. @source proc(5).
 */

/** The kernel counts processor time in ticks; 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;
const KIB_PER_MIB = 1_024;
const NS_PER_MS = 1_000_000;

/** Processor time of a process so far, user and system, all threads, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may hold spaces
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/**
 * How long the first thread of a process has stood in line for a processor so far, in milliseconds: what others on the same
 * machine cost it. workerd does all its work in that thread.
 *
 * @returns `NaN` from a kernel that does not count it.
 */
export function waitedMs(pid: number): number {
  const stat = `/proc/${pid}/schedstat`;
  return existsSync(stat) ? Number(readFileSync(stat, "utf8").split(" ")[1]) / NS_PER_MS : Number.NaN;
}

/** Memory of a process that is in RAM, in MiB. */
export function rssMib(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / KIB_PER_MIB;
}

const PAGE = new Uint8Array(4_096);

/** Until the disk has a page for certain, in milliseconds: the least that a commit in this folder takes. */
export async function commitMs(folder: string): Promise<number> {
  await using file = await open(join(folder, "commit-yardstick"), "a");
  const startedMs = performance.now();
  await file.write(PAGE);
  await file.sync();
  return performance.now() - startedMs;
}
