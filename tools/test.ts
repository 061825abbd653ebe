/**
 * `npm test`: all of it. `npm test -- SUITE…` runs only those suites; what looks like an option or a file goes to vitest.
 * The last line is always `N passed, N failed`.
 */
import { buildAll, describePart } from "./build.ts";
import { close, say, type Tally } from "./lib/report.ts";
import { staticChecks } from "./lib/static-checks.ts";
import { ALL_SUITES, isSuiteName, runSuite } from "./lib/suites.ts";

async function build(): Promise<Tally> {
  try {
    await buildAll((name, built) => say(describePart(name, built)));
    return { passed: 0, failed: 0 };
  } catch (error) {
    say((error as Error).message);
    return { passed: 0, failed: 1 };
  }
}

const words = process.argv.slice(2);
const chosen = words.filter(isSuiteName);
const extra = words.filter((word) => !isSuiteName(word));
const unknown = extra.filter((word) => /^\w+$/.test(word));
if (unknown.length > 0) {
  say(`no suite is called ${unknown.join(", ")}; there are ${ALL_SUITES.join(", ")}`);
  process.exit(2);
}

const startedMs = performance.now();
const tallies: Tally[] = [];
if (chosen.length === 0) tallies.push(await staticChecks());
tallies.push(await build());
for (const suite of chosen.length > 0 ? chosen : ALL_SUITES) tallies.push(await runSuite(suite, extra));

close(tallies, startedMs);
