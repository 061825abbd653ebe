import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { type Egress, localConfig, SECRET_NAMES } from "./config.ts";
import { prepareState } from "./files.ts";
import type { BrokerSecrets } from "./keys.ts";

export interface ServeOptions {
  /** The program to run it in. */
  readonly workerd: string;
  /** The bundle that `wrangler deploy` would upload. */
  readonly bundle: string;
  /** Made with mode 0700 if it is not there; everything the broker keeps is inside. */
  readonly stateDir: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly egress: Egress;
  readonly secrets: BrokerSecrets;
  /** Settings that are no secrets; default: those of a broker on this host. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Each piece of what workerd prints: the request log, and its own complaints. */
  readonly onOutput: (text: string) => void;
}

export interface Serving {
  readonly port: number;
  readonly process: ChildProcess;
  /** End the process and wait until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Must match `wrangler.toml`; the tests hold the two together. */
export const COMPATIBILITY_DATE = "2026-11-17";
const START_MS = 20_000;
const STOP_MS = 3_000;

/** workerd was there and ended at once. */
export class EndedEarly extends Error {
  /** Its exit code, or the name of the signal that ended it. */
  readonly exit: number | string | null;

  constructor(exit: number | string | null) {
    super(`workerd ended with ${exit} before it listened`);
    this.exit = exit;
  }
}

export const objectsDirOf = (stateDir: string): string => join(stateDir, "objects");

/** Start a broker on this host. Resolves when it listens. @throws Error when workerd ends before that. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { workerd, stateDir, port, egress, secrets, settings, onOutput } = options;
  const objectsDir = objectsDirOf(stateDir);
  await prepareState(stateDir);
  await mkdir(objectsDir, { recursive: true, mode: 0o700 });
  const module = basename(options.bundle);
  const bundle = join(stateDir, module);
  await copyFile(options.bundle, bundle);
  await chmod(bundle, 0o600);
  const config = join(stateDir, "broker.capnp");
  const compatibilityDate = COMPATIBILITY_DATE;
  const plain = settings && { settings };
  const text = localConfig({ port, module, objectsDir, egress, compatibilityDate, ...plain });
  await writeFile(config, text, { mode: 0o600 });

  const env = Object.fromEntries(SECRET_NAMES.map((name) => [name, secrets[name].reveal()]));
  const child = spawn(workerd, ["serve", "--control-fd=3", config], {
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", onOutput);
  }
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    // workerd waits for open sockets to end by themselves; what it has answered is on disk long before.
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await once(child, "exit");
    clearTimeout(force);
  };
  try {
    return { port: await portOf(child), process: child, stop };
  } catch (error) {
    if (child.pid !== undefined) await stop("SIGKILL");
    throw error;
  }
}

/** workerd tells on its control pipe where it listens, once it does. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("workerd did not listen in time")), START_MS);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    child.once("error", fail);
    child.once("exit", (code, signal) => fail(new EndedEarly(code ?? signal)));
    let told = "";
    (child.stdio[3] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
      told += chunk;
      for (const line of told.split("\n").slice(0, -1)) {
        const message = JSON.parse(line) as { event: string; port?: number };
        if (message.event !== "listen" || message.port === undefined) continue;
        clearTimeout(timer);
        resolve(message.port);
      }
    });
  });
}
