import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { type Egress, localConfig, SECRET_NAMES } from "./config.ts";
import type { BrokerSecrets } from "./keys.ts";

export interface ServeOptions {
  /** The bundle that `wrangler deploy` would upload. */
  readonly bundle: string;
  /** Made with mode 0700 if it is not there; everything the broker keeps is inside. */
  readonly stateDir: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly egress: Egress;
  readonly secrets: BrokerSecrets;
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

export const objectsDirOf = (stateDir: string): string => join(stateDir, "objects");

const workerdPath = (): string => (createRequire(import.meta.url)("workerd") as { default: string }).default;

/** Start a broker on this host. Resolves when it listens. @throws Error when workerd ends before that. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { stateDir, port, egress, secrets, onOutput } = options;
  const objectsDir = objectsDirOf(stateDir);
  await mkdir(objectsDir, { recursive: true, mode: 0o700 });
  await chmod(stateDir, 0o700);
  const module = basename(options.bundle);
  await copyFile(options.bundle, join(stateDir, module));
  const config = join(stateDir, "broker.capnp");
  const compatibilityDate = COMPATIBILITY_DATE;
  await writeFile(config, localConfig({ port, module, objectsDir, egress, compatibilityDate }));

  const env = Object.fromEntries(SECRET_NAMES.map((name) => [name, secrets[name].reveal()]));
  const child = spawn(workerdPath(), ["serve", "--control-fd=3", config], {
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", onOutput);
  }
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  };
  try {
    return { port: await portOf(child), process: child, stop };
  } catch (error) {
    await stop("SIGKILL");
    throw error;
  }
}

/** workerd tells on its control pipe where it listens, once it does. */
function portOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => reject(new Error("workerd did not listen in time")), START_MS);
  child.once("error", reject);
  child.once("exit", (code) => reject(new Error(`workerd ended with ${code} before it listened`)));
  let told = "";
  (child.stdio[3] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
    told += chunk;
    for (const line of told.split("\n").slice(0, -1)) {
      const message = JSON.parse(line) as { event: string; port?: number };
      if (message.event === "listen" && message.port !== undefined) resolve(message.port);
    }
  });
  return promise.finally(() => clearTimeout(timer));
}
