/** `npm run check`: format, lint, types, unit and house tests. The daily command. */
import { close, type Tally } from "./lib/report.ts";
import { staticChecks } from "./lib/static-checks.ts";
import { QUICK_SUITES, runSuite } from "./lib/suites.ts";

const startedMs = performance.now();
const tallies: Tally[] = [await staticChecks()];
for (const suite of QUICK_SUITES) tallies.push(await runSuite(suite));

close(tallies, startedMs);
