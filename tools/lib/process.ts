import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

/** Path of a program that an npm package of ours brought. */
export const program = (name: string): string => join(ROOT, "node_modules/.bin", name);

/** A program that writes into our pipe cannot see whether a person looks at the other end. */
const colors = process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" };

export interface Finished {
  /** Exit code; -1 when the process was ended by a signal or could not be started. */
  readonly code: number;
  /** stdout and stderr, in the order they came. */
  readonly output: string;
  readonly tookMs: number;
}

/** Runs a program to its end, in the project's folder; on its stdin is `input`, or nothing. */
export function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input?: string,
): Promise<Finished> {
  const startedMs = performance.now();
  return new Promise((done) => {
    const chunks: string[] = [];
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      env: { ...process.env, ...colors, ...env },
    });
    const finish = (code: number): void =>
      done({ code, output: chunks.join(""), tookMs: performance.now() - startedMs });
    child.stdin?.on("error", () => undefined).end(input); // who does not read it says why in the exit code
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => chunks.push(chunk));
    }
    child.on("error", (error) => {
      chunks.push(`${command}: ${error.message}\n`);
      finish(-1);
    });
    child.on("close", (code) => finish(code ?? -1));
  });
}
