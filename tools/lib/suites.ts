/** Runs a vitest project in a process of its own and counts what came of it. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Finished, program, ROOT, run } from "./process.ts";
import { row, say, seconds, type Tally } from "./report.ts";
import type { SuiteTally } from "./test-reporter.ts";

/** Suites without processes and browsers of their own: seconds. */
export const QUICK_SUITES = ["shared", "cli", "extension", "house"] as const;
export const ALL_SUITES = [...QUICK_SUITES, "worker", "contract", "scripts", "journeys", "hostile"] as const;
export type SuiteName = (typeof ALL_SUITES)[number];

export const isSuiteName = (text: string): text is SuiteName =>
  (ALL_SUITES as readonly string[]).includes(text);

const ARTIFACTS = join(ROOT, "artifacts/tests");

/** What a run means: nothing counts as passed but a test that passed, and silence counts as a failure. */
export function judge(
  exitCode: number,
  tally: SuiteTally | undefined,
): { tally: Tally; complaints: string[] } {
  if (tally === undefined)
    return { tally: { passed: 0, failed: 1 }, complaints: ["vitest did not come to its end"] };
  const unexplained = tally.skipped.filter(({ reason }) => reason === null);
  const complaints = [
    ...tally.failed,
    ...unexplained.map(({ name }) => `skipped without a reason: ${name}`),
    ...(tally.strayErrors > 0 ? [`${tally.strayErrors} errors outside of any test`] : []),
  ];
  if (tally.passed === 0 && complaints.length === 0) complaints.push("no test ran");
  if (exitCode !== 0 && complaints.length === 0) complaints.push(`vitest ended with ${exitCode}`);
  return { tally: { passed: tally.passed, failed: complaints.length }, complaints };
}

function describe(tally: Tally, skipped: SuiteTally["skipped"], done: Finished): string {
  const parts = [`${tally.passed} passed`];
  if (tally.failed > 0) parts.push(`${tally.failed} FAILED`);
  if (skipped.length > 0) parts.push(`${skipped.length} skipped`);
  return `${parts.join(", ")}  ${seconds(done.tookMs)}`;
}

/** Runs the suite and prints its line; the whole of vitest's output is kept under artifacts/, and shown if it failed. */
export async function runSuite(name: SuiteName, extra: readonly string[] = []): Promise<Tally> {
  mkdirSync(ARTIFACTS, { recursive: true });
  const tallyFile = join(ARTIFACTS, `${name}.json`);
  rmSync(tallyFile, { force: true });
  const reporters = ["--reporter=default", `--reporter=${join(ROOT, "tools/lib/test-reporter.ts")}`];
  const args = ["run", "--project", name, ...reporters, ...extra];
  const done = await run(program("vitest"), args, { JCFETCH_TALLY: tallyFile });
  writeFileSync(join(ARTIFACTS, `${name}.log`), done.output);
  const written = existsSync(tallyFile)
    ? (JSON.parse(readFileSync(tallyFile, "utf8")) as SuiteTally)
    : undefined;
  const { tally, complaints } = judge(done.code, written);
  const skipped = written?.skipped ?? [];
  if (tally.failed > 0) say(`\n${done.output}`);
  say(row(`tests ${name}`, tally.failed === 0 ? "passed" : "FAILED", describe(tally, skipped, done)));
  for (const complaint of complaints) say(`  ${complaint}`);
  for (const { name: test, reason } of skipped) if (reason !== null) say(`  skipped: ${test}: ${reason}`);
  return tally;
}
