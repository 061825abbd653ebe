import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HostStatus } from "@jcfetch/shared/local-broker";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { WORKERD } from "./broker.ts";
import { freePort } from "./free-port.ts";
import { type Finished, JCFETCH, Terminal, type TerminalOptions } from "./terminal.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface LocalOptions extends TerminalOptions {
  /**
   * Let the broker's calls go to the simulator at this port. The shipped host program has no such door, so this is another
   * one, over the same code.
   */
  readonly simPort?: number;
  /** Without any workerd. */
  readonly bare?: boolean;
}

/** A terminal of somebody who has installed jcfetch with its local broker, and runs the broker by its own commands. */
export class LocalBroker {
  readonly terminal: Terminal;
  readonly stateDir: string;
  /** Where jcfetch lies. */
  readonly folder: string;
  #ending: Promise<void> | undefined;

  private constructor(terminal: Terminal, folder: string) {
    this.terminal = terminal;
    this.folder = folder;
    this.stateDir = join(terminal.home, ".local/state/jcfetch/broker");
  }

  static async install({ simPort, bare, build: wanted, env }: LocalOptions = {}): Promise<LocalBroker> {
    await ensureBuilt("cli");
    const folder = await mkdtemp(join(tmpdir(), "jcfetch-installed-"));
    const shipped = join(JCFETCH.bundle, "../broker");
    await mkdir(join(folder, "broker"));
    await copyFile(join(shipped, "worker.js"), join(folder, "broker/worker.js"));
    if (simPort === undefined) await copyFile(join(shipped, "host.mjs"), join(folder, "broker/host.mjs"));
    else await bundleHost(join(folder, "broker/host.mjs"));
    if (!bare) await symlink(WORKERD, join(folder, "broker/workerd"));
    const program = join(folder, wanted === "executable" ? "jcfetch" : "jcfetch.mjs");
    await copyFile(JCFETCH[wanted ?? "bundle"], program);
    await cp(join(JCFETCH.bundle, "../parts"), join(folder, "parts"), { recursive: true });
    const sim = simPort === undefined ? {} : { SIM_PORT: String(simPort) };
    const broker = new LocalBroker(
      await Terminal.open({
        ...{ env: { ...sim, ...env } },
        command: wanted === "executable" ? [program] : [process.execPath, program],
      }),
      folder,
    );
    endWithTest(broker);
    return broker;
  }

  /** Start it on a port that is free now. */
  async start(...more: string[]): Promise<HostStatus> {
    const finished = await this.terminal.run("broker", "start", "--port", String(await freePort()), ...more);
    if (finished.code !== 0) throw new Error(`it does not start:\n${finished.stderr}`);
    return this.status();
  }

  async status(): Promise<HostStatus & { atLogin: boolean }> {
    const { code, stdout, stderr } = await this.terminal.run("broker", "status", "--json");
    const status =
      code === 0 || code === 3 ? (JSON.parse(stdout) as HostStatus & { atLogin: boolean }) : null;
    if (status?.running !== (code === 0)) throw new Error(`exit code ${code}: ${stderr}`);
    return status;
  }

  stop(): Promise<Finished> {
    return this.terminal.run("broker", "stop");
  }

  log(): Promise<string> {
    return readFile(join(this.stateDir, "broker.log"), "utf8");
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    await this.stop();
    await this.terminal.close();
    await rm(this.folder, { recursive: true, maxRetries: 10 });
  }
}

/** A supervisor lives on when its starter is gone, also when that is a test that ran out of time. */
function endWithTest(broker: LocalBroker): void {
  try {
    onTestFinished(() => broker[Symbol.asyncDispose]());
  } catch {
    // Made for a whole file, whose `afterAll` ends it.
  }
}

async function bundleHost(outfile: string): Promise<void> {
  await build({
    entryPoints: [here("./host-entry.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
}
