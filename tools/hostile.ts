/**
 * `npm run test:hostile`: the attack suite at full numbers; `npm run test:hostile -- D-3 D-4` runs only the files that
 * hold these rows. One line a test, and the last line is `N passed, N failed`. Takes hours; `npm test` has a reduced run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildAll, describePart } from "./build.ts";
import { program, ROOT } from "./lib/process.ts";
import { close, say } from "./lib/report.ts";
import { judge } from "./lib/suites.ts";
import type { SuiteTally } from "./lib/test-reporter.ts";

const FOLDER = "tests/hostile";

/** The test files in which one of the rows is named; all of them when none is asked for. */
function filesWith(rows: readonly string[]): string[] {
  const files = readdirSync(join(ROOT, FOLDER), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(FOLDER, name));
  const holds = (file: string, row: string): boolean =>
    readFileSync(join(ROOT, file), "utf8").includes(`${row}: `);
  const unknown = rows.filter((row) => !files.some((file) => holds(file, row)));
  if (unknown.length > 0) {
    say(`no test of the hostile suite is named after ${unknown.join(", ")}`);
    process.exit(2);
  }
  return rows.length === 0 ? files : files.filter((file) => rows.some((row) => holds(file, row)));
}

async function runVitest(files: readonly string[], tallyFile: string): Promise<number> {
  const reporters = ["hostile-reporter", "test-reporter"].map(
    (name) => `--reporter=${join(ROOT, `tools/lib/${name}.ts`)}`,
  );
  const seed = process.env.HOSTILE_SEED ?? String(Date.now() % 2 ** 31);
  say(`seed ${seed}  (again with HOSTILE_SEED=${seed})\n`);
  const child = spawn(program("vitest"), ["run", "--project", "hostile", ...reporters, ...files], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, HOSTILE: "full", HOSTILE_SEED: seed, JCFETCH_TALLY: tallyFile },
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? -1;
}

const startedMs = performance.now();
const files = filesWith(process.argv.slice(2));
const artifacts = join(ROOT, "artifacts/tests");
const tallyFile = join(artifacts, "hostile-full.json");
mkdirSync(artifacts, { recursive: true });
rmSync(tallyFile, { force: true });

await buildAll((name, built) => say(describePart(name, built)));
const code = await runVitest(files, tallyFile);
const written = existsSync(tallyFile)
  ? (JSON.parse(readFileSync(tallyFile, "utf8")) as SuiteTally)
  : undefined;
const { tally, complaints } = judge(code, written);
for (const complaint of complaints) say(`  ${complaint}`);
close([tally], startedMs);
