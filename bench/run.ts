/**
 * `npm run bench`: what can be measured of what is there, beside a yardstick in the same run. Ends with 1 when a budget is
 * exceeded; times are printed for people, because a busy machine says little about the code.
 */
import { join } from "node:path";
import { ensureBuilt } from "../tools/build.ts";
import { kilobytes, row, say } from "../tools/lib/report.ts";
import { brokerFigures } from "./broker.ts";
import { sayDiscovery } from "./discovery.ts";
import { sayLoad } from "./load/print.ts";
import { type Candidate, sideBySide } from "./measure.ts";
import { sayPopup } from "./popup.ts";
import { sayPortal } from "./portal.ts";
import { sizes } from "./sizes.ts";
import { sayTerminal } from "./terminal.ts";

const ROUNDS = 15;

say("sizes");
const measured = await sizes();
for (const { what, bytes, budget } of measured) {
  say(row(`  ${what}`, kilobytes(bytes), `of ${kilobytes(budget)}${bytes > budget ? "  TOO LARGE" : ""}`));
}

const cli = (await ensureBuilt("cli")).path;
const starts: Candidate[] = [
  { name: "node -e 0", command: process.execPath, args: ["-e", "0"] },
  { name: "jcfetch.mjs", command: process.execPath, args: [cli, "--version"] },
  { name: "jcfetch", command: join(cli, "../jcfetch"), args: ["--version"] },
  { name: "aws", command: "/usr/bin/aws", args: ["--version"] },
];
say(`\nstart to end of --version, median of ${ROUNDS}`);
for (const [name, ms] of sideBySide(starts, ROUNDS)) say(row(`  ${name}`, `${ms.toFixed(0)} ms`, ""));

await sayPopup(9);
await sayPortal(9);
await sayDiscovery();
await sayTerminal(ROUNDS);

const broker = await brokerFigures();
const overheadMs = broker.throughBrokerMs - broker.directMs;
const ratio = (broker.throughBrokerMs / broker.directMs).toFixed(1);
say("\nrole credentials over loopback, median of 90, one request at a time");
say(row("  direct", `${broker.directMs.toFixed(1)} ms`, "GetRoleCredentials through the SDK"));
say(row("  broker", `${broker.throughBrokerMs.toFixed(1)} ms`, `${ratio} x; +${overheadMs.toFixed(1)} ms`));
say(`\n${broker.atOnce} requests for one role at once`);
say(
  row(
    "  calls to AWS",
    String(broker.upstreamCalls),
    `all answered in ${broker.allAnsweredMs.toFixed(0)} ms`,
  ),
);

await sayLoad();

process.exitCode = measured.some(({ bytes, budget }) => bytes > budget) ? 1 : 0;
