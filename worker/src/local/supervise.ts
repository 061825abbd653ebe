import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { HostStarted } from "@jcfetch/shared/local-broker";
import { MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import { type Run, stateFiles, writeWhole } from "./files.ts";
import type { BrokerSecrets } from "./keys.ts";
import type { BrokerLog } from "./log.ts";
import { markOf } from "./process-mark.ts";
import { EndedEarly, type ServeOptions, type Serving, serve } from "./serve.ts";

export interface Supervised extends Omit<ServeOptions, "onOutput"> {
  readonly secrets: BrokerSecrets;
  readonly build: string;
  readonly log: BrokerLog;
  /** Resolves when this process is told to end. */
  readonly told: Promise<unknown>;
  readonly keys: HostStarted["keys"];
  readonly bid: string;
  /** The broker answers. Called once. @throws whatever it likes: the broker then ends. */
  readonly ready: (started: HostStarted) => Promise<void>;
}

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 30 * SECOND_MS;
/** A run of this length has worked: the next crash is a first one again. */
const STEADY_MS = MINUTE_MS;
/** What workerd gets to end by itself, with everything written. */
const GRACE_MS = 5 * SECOND_MS;

/** [LB5] Run workerd until told to end, and start it again when it ends by itself. @throws when it does not start at all. */
export async function supervise(options: Supervised): Promise<void> {
  const { stateDir, log, told, build } = options;
  const { run } = stateFiles(stateDir);
  const supervisor = (await markOf(process.pid))!;
  const sinceMs = Date.now();
  let stopping = false;
  const stopped = told.then(() => {
    stopping = true;
  });
  const start = async (port: number, restarts: number): Promise<Serving> => {
    const serving = await serve({ ...options, port, onOutput: (text) => log.hear(text) }).catch((error) => {
      log.note("not started", { exit: error instanceof EndedEarly ? error.exit : null });
      throw error;
    });
    try {
      const workerd = (await markOf(serving.process.pid!)) ?? null;
      const record: Run = { supervisor, workerd, port: serving.port, sinceMs, restarts, build };
      await writeWhole(run, JSON.stringify(record));
    } catch (error) {
      await end(serving); // one that is not written down could not be found again
      throw error;
    }
    log.note("start");
    return serving;
  };

  let serving: Serving | undefined = await start(options.port, 0);
  const { port } = serving;
  try {
    await options.ready({
      pid: process.pid,
      url: `http://127.0.0.1:${port}`,
      bid: options.bid,
      keys: options.keys,
    });
    let delayMs = FIRST_DELAY_MS;
    for (let restarts = 1; !stopping; restarts++) {
      const startedMs = performance.now();
      if (serving) await Promise.race([ended(serving), stopped]);
      if (stopping) break;
      if (serving) log.note("ended", { exit: serving.process.exitCode ?? serving.process.signalCode });
      if (performance.now() - startedMs > STEADY_MS) delayMs = FIRST_DELAY_MS;
      await Promise.race([pause(delayMs), stopped]);
      if (stopping) break;
      delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
      serving = await start(port, restarts).catch(() => undefined);
    }
  } finally {
    if (serving) await end(serving);
    await rm(run, { force: true });
    log.note("stop");
  }
}

async function ended({ process }: Serving): Promise<void> {
  if (process.exitCode === null && process.signalCode === null) await once(process, "exit");
}

async function end(serving: Serving): Promise<void> {
  const force = setTimeout(() => void serving.stop("SIGKILL"), GRACE_MS);
  await serving.stop();
  clearTimeout(force);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
