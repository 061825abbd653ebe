import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SECOND_MS } from "@jcfetch/shared/time";
import type { Host } from "../host.ts";
import { answerOf } from "./client.ts";
import { type AgentPlace, agentPlace, isOurs, sharesFile } from "./place.ts";
import { SHARE_PREFIX } from "./share-terms.ts";
import type { AgentAnswer, ControlOp } from "./wire.ts";

/** @returns `undefined` where no agent answers. */
export const tell = async (host: Host, place: AgentPlace, op: ControlOp): Promise<AgentAnswer | undefined> =>
  isOurs(place, host) ? answerOf(host, place, { v: 1, op }) : undefined;

const GONE_MS = 2 * SECOND_MS;

/** [AG16] The terminal signs off: the agent ends with what it holds. What its person has ruled stays: the lock, and the idle time [AG13]. */
export async function signOffAgent(host: Host): Promise<void> {
  const place = agentPlace(host);
  if (place.mode === "given") return; // somebody else's keys are behind it
  await tell(host, place, "stop");
  const until = performance.now() + GONE_MS;
  while (existsSync(place.socket) && performance.now() < until) await pause(5);
  try {
    for (const path of [sharesFile(place), join(place.folder, "agent.lock")]) rmSync(path, { force: true });
    for (const name of readdirSync(place.folder)) {
      if (name.startsWith(SHARE_PREFIX)) rmdirSync(join(place.folder, name));
    }
    rmdirSync(place.folder);
  } catch {
    // It was never made, or something is kept there.
  }
}
