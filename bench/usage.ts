import { readFileSync } from "node:fs";

/*
 * What a process costs, as Linux counts it. @source proc(5).
 */

/** The kernel counts processor time in ticks; 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;
const KIB_PER_MIB = 1_024;

/** Processor time of a process so far, user and system, all threads, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may hold spaces
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory of a process that is in RAM, in MiB. */
export function rssMib(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / KIB_PER_MIB;
}
