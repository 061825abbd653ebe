/**
 * `npm run release -- --dry-run`: all that a version consists of, for all systems, in `artifacts/release`. Without `--dry-run` only
 * if the version may be published. It publishes nothing either way and needs nobody's password: that is a person's
 * command, printed at the end. CONTRIBUTING.md, Releases
 */
import { parseArgs } from "node:util";
import { say, seconds } from "./lib/report.ts";
import { describeFile, pack, RELEASE } from "./pack.ts";
import { obstacles, stateHere } from "./release/publication.ts";
import { TARGETS } from "./release/targets.ts";

const USAGE = `npm run release -- [--dry-run]

  --dry-run   also for a version that may not be published yet: say why not, and make everything

Packs the npm package, the executables for ${TARGETS.map(({ name }) => name).join(", ")}, the extension,
the Worker, manual page, completions, the list of packages and SHA256SUMS. Publishes nothing.
CONTRIBUTING.md, Releases, says what to do before and after.`;

async function release(dryRun: boolean): Promise<number> {
  const startedMs = performance.now();
  const state = await stateHere();
  const against = obstacles(state);
  for (const obstacle of against) say(`not to be published: ${obstacle}`);
  if (against.length > 0 && !dryRun) {
    say("\nNothing was made. To see what would be: npm run release -- --dry-run");
    return 1;
  }
  const sums = await pack(TARGETS, describeFile);
  for (const line of sums) say(line);
  say(`\nin ${RELEASE}, in ${seconds(performance.now() - startedMs)}`);
  if (against.length === 0) say(`\nNext: npm publish ${RELEASE}/jcfetch-${state.version}.tgz`);
  return 0;
}

try {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      "dry-run": { type: "boolean", default: false },
    },
  });
  if (values.help) say(USAGE);
  else process.exitCode = await release(values["dry-run"]);
} catch (error) {
  say(`release: ${(error as Error).message}`);
  process.exitCode = 2;
}
