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
 * One executable of one script. For this system it also holds the script as bytecode, which starts sooner; of another's Bun that
 * would be read wrongly: bytecode belongs to the very build of the engine that made it.
 *
 * @param script one file: Bun's executables know no parts.
 * @throws with what Bun wrote.
 * @source Bun's documentation, "Single-file executable"; bytecode across systems: its issue 18416.
 */
export async function compile(script: string, outfile: string, foreign?: Foreign): Promise<void> {
  const how = foreign
    ? [`--target=${foreign.target.bun}`, `--compile-executable-path=${foreign.runtime}`]
    : ["--bytecode"];
  const args = ["build", "--compile", "--minify", ...how, script, "--outfile", outfile];
  await promisify(execFile)(program("bun"), args, { cwd: dirname(script) });
}
