import type { HostStatus } from "@jcfetch/shared/local-broker";
import { exposedIn, readRun, readSettings, stateFiles } from "./files.ts";
import { holderOf } from "./lock.ts";
import { isAlive, rssOf } from "./process-mark.ts";
import { answers, buildOf } from "./run.ts";

/** How the broker of a state folder stands. @throws StateUnreadable */
export async function look(stateDir: string, folder: string): Promise<HostStatus> {
  const [settings, run, holder] = await Promise.all([
    readSettings(stateDir),
    readRun(stateDir),
    holderOf(stateFiles(stateDir).lock),
  ]);
  const workerd = run?.workerd && (await isAlive(run.workerd)) ? run.workerd : null;
  const url = settings ? `http://127.0.0.1:${settings.port}` : null;
  const supervised = holder !== undefined && run?.supervisor.started === holder.started;
  return {
    running: supervised && workerd !== null && url !== null && (await answers(url)),
    orphaned: workerd !== null && holder === undefined,
    pid: holder?.pid ?? null,
    workerdPid: workerd?.pid ?? null,
    sinceMs: supervised ? run.sinceMs : null,
    restarts: supervised ? run.restarts : 0,
    rssBytes: workerd ? await rssOf(workerd.pid) : null,
    url,
    bid: settings?.bid ?? null,
    keys: settings?.keys ?? "none",
    stateDir,
    exposed: settings ? await exposedIn(stateDir) : [],
    build: supervised ? run.build : null,
    ownBuild: await buildOf(folder),
  };
}
