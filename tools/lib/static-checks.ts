/** The checks that read the code without running it: format, lint, and types of every workspace. */
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { type Finished, program, ROOT, run } from "./process.ts";
import { row, say, seconds, type Tally } from "./report.ts";

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const biome: Check = {
  name: "format, lint",
  command: program("biome"),
  args: [
    "ci",
    process.stdout.isTTY ? "--colors=force" : "--colors=off",
    "--error-on-warnings",
    "--max-diagnostics=200",
    "--no-errors-on-unmatched",
  ],
};

/** Every folder with a tsconfig.json of its own: one runtime each. */
const typeChecks = (): Check[] =>
  globSync("*/tsconfig.json", { cwd: ROOT })
    .map(dirname)
    .sort()
    .map((folder) => ({ name: `types ${folder}`, command: program("tsc"), args: ["-p", folder] }));

function print(check: Check, done: Finished): boolean {
  const passed = done.code === 0;
  say(row(check.name, passed ? "passed" : "FAILED", seconds(done.tookMs)));
  if (!passed) say(done.output);
  return passed;
}

/** Runs them all, two at a time, and prints a line for each; what a tool wrote only if it failed. */
export async function staticChecks(): Promise<Tally> {
  const lane = async (checks: readonly Check[]): Promise<boolean[]> => {
    const passed: boolean[] = [];
    for (const check of checks) passed.push(print(check, await run(check.command, check.args)));
    return passed;
  };
  const outcomes = (await Promise.all([lane([biome]), lane(typeChecks())])).flat();
  return { passed: outcomes.filter(Boolean).length, failed: outcomes.filter((passed) => !passed).length };
}
