/** `npm run fix`: formats, sorts imports, and repairs what lint knows how to repair safely. */
import { program, run } from "./lib/process.ts";
import { say } from "./lib/report.ts";

const { code, output } = await run(program("biome"), [
  "check",
  process.stdout.isTTY ? "--colors=force" : "--colors=off",
  "--write",
  "--error-on-warnings",
]);
say(output.trimEnd());
process.exitCode = code === 0 ? 0 : 1;
