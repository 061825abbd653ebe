import { spawn } from "node:child_process";
import { constants } from "node:os";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { errnoOf } from "./config/files.ts";
import { type Failure, fail } from "./exit.ts";
import type { Host } from "./host.ts";
import { quoted } from "./quoted.ts";
import { onWindows, type Started } from "./windows-command.ts";

type Environment = Record<string, string | undefined>;

/** Those that the terminal sends to all that run in it: there they reach the command without us, and once is enough. */
const OF_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGWINCH", "SIGTSTP"];
const OF_OTHERS: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCONT"];

/**
 * [US5] Run a command in our place: its streams are ours, signals go on to it, and it ends as it does.
 *
 * @returns its exit code, 128 and the number of the signal that ended it.
 * @errors `command-not-found`, `command-not-executable`
 */
export function runInPlace(
  host: Host,
  command: readonly string[],
  env: Environment,
): Promise<Result<number, Failure>> {
  return new Promise((resolve) => {
    const { program, args, verbatim } = started(host, command, env);
    const child = spawn(program, args, { env, stdio: "inherit", windowsVerbatimArguments: verbatim });
    const stopHearing = host.onSignals([...OF_TERMINAL, ...OF_OTHERS], (name) => {
      if (!(OF_TERMINAL.includes(name) && host.inForeground())) child.kill(name);
      if (name === "SIGTSTP") host.suspend();
    });
    child.once("error", (error) => {
      stopHearing();
      resolve(err(notStarted(command[0] ?? "", errnoOf(error))));
    });
    child.once("exit", (code, signal) => {
      stopHearing();
      resolve(ok(exitCode(code, signal)));
    });
  });
}

/** How the system starts it. */
export function started(
  { platform, directory }: Pick<Host, "platform" | "directory">,
  command: readonly string[],
  env: Environment,
): Started {
  if (platform === "win32") return onWindows(command, { env, directory });
  const [program = "", ...args] = command;
  return { program, args, verbatim: false };
}

export const exitCode = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? (signal === null ? 128 : signalExit(signal));

/** As shells say it. */
export const signalExit = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

export const notStarted = (program: string, errno: string): Failure =>
  errno === "ENOENT" || errno === "ENOTDIR"
    ? fail(
        "command-not-found",
        `there is no command ${quoted(program)}`,
        "see how it is written, and whether PATH leads to it",
      )
    : fail(
        "command-not-executable",
        `the command ${quoted(program)} cannot be run (${errno})`,
        "make it executable: chmod +x",
      );
