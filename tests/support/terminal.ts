import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentAt } from "./agent.ts";

export const JCFETCH = {
  bundle: fileURLToPath(new URL("../../cli/dist/jcfetch.mjs", import.meta.url)),
  executable: fileURLToPath(new URL("../../cli/dist/jcfetch", import.meta.url)),
};

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that is still running: what it has said so far, a way to answer it, and its end. */
export class Running {
  readonly ended: Promise<Finished>;
  readonly #child: ChildProcessWithoutNullStreams;
  #stdout = "";
  #stderr = "";
  /** When all that it has said has come. */
  #finished: Finished | undefined;
  #listeners = new Set<() => void>();

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => this.#hear(() => (this.#stdout += chunk.toString())));
    child.stderr.on("data", (chunk: Buffer) => this.#hear(() => (this.#stderr += chunk.toString())));
    // A program may end before it has read all that was typed; that is its own affair.
    child.stdin.on("error", () => {});
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        const finished = { code, stdout: this.#stdout, stderr: this.#stderr };
        this.#hear(() => (this.#finished = finished));
        resolve(finished);
      });
    });
  }

  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Keys without a line feed after them. */
  press(keys: string): void {
    this.#child.stdin.write(keys);
  }

  closeInput(): void {
    this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#child.kill(signal);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** On stdout, so far. */
  get said(): string {
    return this.#stdout;
  }

  /** The first match on stderr, as soon as it is there. Fails when the program ends without saying it. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stderr);
      if (match) return match;
      if (this.#finished) {
        throw new Error(`it ended with ${this.#finished.code} and never said ${pattern}:\n${this.#stderr}`);
      }
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  #hear(change: () => void): void {
    change();
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

export interface TerminalOptions {
  /** Which build of jcfetch; the Node bundle when not said. */
  readonly build?: keyof typeof JCFETCH;
  /** How to start jcfetch, where it is installed elsewhere. */
  readonly command?: readonly string[];
  /** Whether its commands use the agent, as they do for people; without it, each does its own work. */
  readonly agent?: boolean;
  /** Added to the environment of every program. */
  readonly env?: Record<string, string>;
}

/** A terminal of a person of its own: an empty home folder and nothing of this process's environment but PATH. */
export class Terminal {
  readonly home: string;
  readonly env: Record<string, string>;
  readonly agent: AgentAt;
  /** How jcfetch is started here. */
  readonly command: readonly string[];

  private constructor(home: string, { build = "bundle", command, agent = false, env = {} }: TerminalOptions) {
    this.home = home;
    // Beside the home folder, as on every system: what lies in it is not what a person keeps.
    this.agent = new AgentAt(`${home}.run`);
    this.env = {
      PATH: process.env.PATH ?? "",
      HOME: home,
      USER: "ana",
      LANG: "C.UTF-8",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_DEFAULT_REGION: "us-east-1",
      XDG_RUNTIME_DIR: this.agent.runtimeDir,
      ...(agent ? {} : { JCFETCH_AGENT: "off" }),
      ...env,
    };
    const built = build === "bundle" ? [process.execPath, JCFETCH.bundle] : [JCFETCH.executable];
    this.command = command ?? built;
  }

  static async open(options: TerminalOptions = {}): Promise<Terminal> {
    const home = await mkdtemp(join(tmpdir(), "jcfetch-home-"));
    await mkdir(`${home}.run`, { mode: 0o700 });
    return new Terminal(home, options);
  }

  start(command: readonly string[], env: Record<string, string> = {}): Running {
    const [program, ...args] = command as [string, ...string[]];
    return new Running(spawn(program, args, { cwd: this.home, env: { ...this.env, ...env } }));
  }

  /** Start `jcfetch` with these arguments. */
  jcfetch(...args: string[]): Running {
    return this.start([...this.command, ...args]);
  }

  /** The same on a console of its own, where a person sits: what they see of both streams is `stderr` here. */
  onConsole(...args: string[]): Running {
    const line = [...this.command, ...args].map((word) => `'${word}'`).join(" ");
    // Without a shell between: one that is sent a Ctrl-C itself ends by it, whatever its command does.
    const command = ["/bin/sh", "-c", 'exec script -qefc "$LINE" /dev/null 1>&2'];
    return this.start(command, { LINE: `exec ${line}` });
  }

  /** Run `jcfetch` to its end with nothing on its standard input. */
  run(...args: string[]): Promise<Finished> {
    const running = this.jcfetch(...args);
    running.closeInput();
    return running.ended;
  }

  async close(): Promise<void> {
    await this.agent.kill();
    await Promise.all(
      [this.home, this.agent.runtimeDir].map((path) =>
        rm(path, { recursive: true, force: true, maxRetries: 10 }),
      ),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
