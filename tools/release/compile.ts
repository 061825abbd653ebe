import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { program } from "../lib/process.ts";
import type { Target } from "./targets.ts";

/** Another system, and the path of Bun for it. */
export interface Foreign {
  readonly target: Target;
  readonly runtime: string;
}

/**
 * Bun looks into the folder it is started in for settings of its own, and does what they say: a `preload` there would be run with
 * our rights wherever somebody calls `aws` in a folder that somebody else filled.
 */
const NOTHING_OF_THE_FOLDER = [
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
];

/**
 * One executable of a script and its parts. A part is read when it is needed, as from a folder: that takes a third off the time of a
 * short command. For this system it also holds all of it as bytecode, which starts sooner; of another's Bun that would be read wrongly:
 * bytecode belongs to the very build of the engine that made it.
 *
 * @throws with what Bun wrote.
 * @source Bun's documentation, "Single-file executable"; bytecode across systems: its issue 18416.
 */
export async function compile(script: string, outfile: string, foreign?: Foreign): Promise<void> {
  const how = foreign
    ? [`--target=${foreign.target.bun}`, `--compile-executable-path=${foreign.runtime}`]
    : ["--bytecode"];
  const made = ["--compile", "--minify", "--splitting", "--format=esm", ...NOTHING_OF_THE_FOLDER];
  const args = ["build", ...made, ...how, script, "--outfile", outfile];
  await promisify(execFile)(program("bun"), args, { cwd: dirname(script) });
}
