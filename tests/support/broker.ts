import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SECOND_MS } from "@jcfetch/shared/time";
import { build } from "esbuild";
import { ensureBuilt } from "../../tools/build.ts";
import { fileStore, loadOrMake } from "../../worker/src/local/key-store.ts";
import { type BrokerSecrets, brokerIdFrom, newEnrolmentCode } from "../../worker/src/local/keys.ts";
import { objectsDirOf, type Serving, serve } from "../../worker/src/local/serve.ts";
import { findWorkerd } from "../../worker/src/local/workerd.ts";
import { freePort } from "./free-port.ts";

export interface BrokerOptions {
  /** Where AWS's simulator listens for plain HTTP. */
  readonly simPort: number;
  /** Kept when given; otherwise a temporary folder that goes with the broker. */
  readonly stateDir?: string;
  /** Default: a free one that stays free while the broker is away. */
  readonly port?: number;
  /** Default: those of the folder, made if there are none. */
  readonly secrets?: BrokerSecrets;
  /** Of the Worker, no secrets; default: those of a broker on this host. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The same Worker with a clock that `advance` moves. */
  readonly clock?: "movable";
}

/** A real broker: the bundle that would be deployed, in workerd, on a loopback port. */
export interface Broker {
  readonly url: string;
  readonly bid: string;
  /** Of the process that runs now. */
  readonly pid: number;
  readonly stateDir: string;
  /** The databases of users, pairings and tickets. */
  readonly objectsDir: string;
  /** The broker's private keys: for tests that play somebody who got hold of them. */
  readonly keys: BrokerSecrets;
  /** A fresh one-use code for one extension. */
  newEnrolmentCode(): Promise<string>;
  /** Everything it has printed so far. */
  log(): string;
  /** The line of its log that holds `text`; waits until it is there. */
  logged(text: string): Promise<string>;
  /** Move its clock; with `clock: "movable"` only. */
  advance(seconds: number): Promise<void>;
  /** By `SIGKILL`, in the middle of whatever it is doing. */
  kill(): Promise<void>;
  /** Stop it, if it runs, and start it again on the same port over the same state. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const PORT_TRIES = 3;

/** The npm package's. */
export const WORKERD = findWorkerd({}, here("."))!;

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const temporary = options.stateDir === undefined;
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "jcfetch-broker-")));
  const keys = options.secrets ?? (await loadOrMake(fileStore(join(stateDir, "keys.json"))));
  const bundle = options.clock === "movable" ? await movableBundle() : (await ensureBuilt("worker")).path;
  const output = new Output();
  let offsetSeconds = 0;
  let serving: Serving;

  const start = async (port: number): Promise<void> => {
    const egress = { kind: "loopback", port: options.simPort } as const;
    const onOutput = (text: string): void => output.add(text);
    const { settings } = options;
    serving = await serve({
      workerd: WORKERD,
      bundle,
      stateDir,
      port,
      egress,
      secrets: keys,
      ...(settings && { settings }),
      onOutput,
    });
    if (offsetSeconds !== 0) await setClock();
  };
  const setClock = async (): Promise<void> => {
    const body = String(offsetSeconds * SECOND_MS);
    const { status } = await fetch(`${urlOf(serving.port)}/clock`, { method: "POST", body });
    if (status !== 204)
      throw new Error('this broker\'s clock cannot be moved: start it with clock: "movable"');
  };
  const stop = async (): Promise<void> => {
    await serving.stop();
    if (temporary) await rm(stateDir, { recursive: true, force: true, maxRetries: 10 });
  };

  const port = await startAtPort(start, options.port);
  const url = urlOf(port);
  return {
    url,
    bid: await brokerIdFrom(keys),
    get pid() {
      return serving.process.pid!;
    },
    stateDir,
    objectsDir: objectsDirOf(stateDir),
    keys,
    newEnrolmentCode: () => newEnrolmentCode(keys, url, Date.now() + offsetSeconds * SECOND_MS),
    log: () => output.text,
    logged: (text) => output.lineWith(text),
    advance: (seconds) => {
      offsetSeconds += seconds;
      return setClock();
    },
    kill: () => serving.stop("SIGKILL"),
    restart: async () => {
      await serving.stop();
      await start(port);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Another process may have been given the same port to try. */
async function startAtPort(start: (port: number) => Promise<void>, wanted?: number): Promise<number> {
  for (let left = PORT_TRIES; ; left--) {
    const port = wanted ?? (await freePort());
    try {
      await start(port);
      return port;
    } catch (error) {
      if (wanted !== undefined || left === 0) throw error;
    }
  }
}

/** What a process has printed, and who waits for more of it. */
class Output {
  text = "";
  #more = Promise.withResolvers<void>();

  add(text: string): void {
    this.text += text;
    this.#more.resolve();
    this.#more = Promise.withResolvers<void>();
  }

  async lineWith(text: string): Promise<string> {
    for (;;) {
      const line = this.text
        .split("\n")
        .slice(0, -1)
        .find((one) => one.includes(text));
      if (line !== undefined) return line;
      await this.#more.promise;
    }
  }
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

let movable: Promise<string> | undefined;

/** Once a process. */
function movableBundle(): Promise<string> {
  movable ??= bundleMovable();
  return movable;
}

async function bundleMovable(): Promise<string> {
  const folder = here("../../.cache/movable");
  const outfile = join(folder, `index-${process.pid}.js`);
  await build({
    entryPoints: [here("./movable-entry.js")],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "crypto"],
    logLevel: "error",
  });
  // Several test processes may do this at once: each makes its own, and the last one's stays.
  await rename(outfile, join(folder, "index.js"));
  return join(folder, "index.js");
}
