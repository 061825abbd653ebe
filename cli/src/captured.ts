import { spawn } from "node:child_process";
import { exitCode, notStarted, started } from "./child.ts";
import { errnoOf } from "./config/files.ts";
import type { Failure } from "./exit.ts";
import type { Host } from "./host.ts";

/** What a command wrote, in the order in which it came. */
export interface Piece {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Buffer;
}

export interface Captured {
  readonly exitCode: number;
  readonly pieces: readonly Piece[];
  /** Bytes beyond the limit, which were not kept. */
  readonly lostBytes: number;
  /** Why it was not even started. */
  readonly failure?: Failure;
}

/** Of one command. Many of them may run at one time. */
const MAX_BYTES = 32_000_000;

/** Run a command that reads nothing, and keep what it writes. */
export function runCaptured(
  host: Host,
  command: readonly string[],
  env: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<Captured> {
  return new Promise((resolve) => {
    const pieces: Piece[] = [];
    let keptBytes = 0;
    let lostBytes = 0;
    const { program, args, verbatim } = started(host, command, env);
    const child = spawn(program, args, {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    const stop = (): void => void child.kill("SIGTERM");
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (bytes: Buffer) => {
        if (keptBytes + bytes.length > MAX_BYTES) {
          lostBytes += bytes.length;
          return;
        }
        keptBytes += bytes.length;
        pieces.push({ stream, bytes });
      });
    }
    const end = (ended: Pick<Captured, "exitCode" | "failure">): void => {
      signal.removeEventListener("abort", stop);
      resolve({ ...ended, pieces, lostBytes });
    };
    child.once("error", (error) => {
      const failure = notStarted(command[0] ?? "", errnoOf(error));
      end({ exitCode: failure.exit, failure });
    });
    child.once("close", (code, by) => end({ exitCode: exitCode(code, by) }));
  });
}
