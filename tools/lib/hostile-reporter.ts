/**
 * A vitest reporter with one line a test: row, what, how much was run, result, time. A test's name begins with its row,
 * `D-3: …`; how much was run it says in its `meta` (tests/hostile/scale.ts).
 */
import type { Reporter, TestCase } from "vitest/node";
import { say, seconds } from "./report.ts";

const RESULTS = { passed: "passed", failed: "FAILED", skipped: "skipped", pending: "FAILED" } as const;

export default class HostileReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const [, id = "–", what = test.name] = /^(D-\d+): (.*)$/s.exec(test.name) ?? [];
    const result = test.result();
    const { measured } = test.meta() as { measured?: string };
    const took = seconds(test.diagnostic()?.duration ?? 0);
    const why = result.state === "skipped" ? result.note : measured;
    say(
      `${id.padEnd(5)} ${what}${why === undefined ? "" : ` · ${why}`} · ${RESULTS[result.state]} · ${took}`,
    );
    for (const error of result.state === "failed" ? result.errors : [])
      say([error.stack ?? error.message, error.diff ?? ""].join("\n"));
  }

  onTestModuleEnd(module: { errors(): readonly { message: string; stack?: string }[] }): void {
    for (const error of module.errors()) say(error.stack ?? error.message);
  }
}
