import { rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { SECOND_MS } from "@jcfetch/shared/time";
import { readRunIfWhole, readSettings, stateFiles } from "./files.ts";
import { holderOf } from "./lock.ts";
import { endProcess, isAlive } from "./process-mark.ts";
import { Refused } from "./refused.ts";
import { isFree } from "./run.ts";

/** What a supervisor gets to end workerd and itself. */
const GRACE_MS = 10 * SECOND_MS;
const LOOK_EVERY_MS = 25;

/**
 * [LB6] End the supervisor of a state folder and its workerd, or the workerd of one that was killed.
 *
 * @returns whether there was anything to end. @throws Refused
 */
export async function stop(stateDir: string): Promise<boolean> {
  const { lock, run: runFile } = stateFiles(stateDir);
  const [holder, run] = await Promise.all([holderOf(lock), readRunIfWhole(stateDir)]);
  const workerd = run?.workerd && (await isAlive(run.workerd)) ? run.workerd : undefined;
  if (!holder && !workerd) {
    await rm(runFile, { force: true });
    return false;
  }
  for (const mark of [holder, workerd]) {
    if (mark && !(await endProcess(mark, GRACE_MS))) throw new Refused("not-stopped", String(mark.pid));
  }
  await rm(runFile, { force: true });
  const port = run?.port ?? (await readSettings(stateDir))?.port;
  if (port !== undefined) await untilFree(port);
  return true;
}

async function untilFree(port: number): Promise<void> {
  const until = performance.now() + GRACE_MS;
  while (!(await isFree(port))) {
    if (performance.now() > until) throw new Refused("not-stopped", `port ${port}`);
    await pause(LOOK_EVERY_MS);
  }
}
