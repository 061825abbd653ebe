/**
 * A vitest reporter that writes down what tools/lib/suites.ts needs to know, as JSON, to the file of `JCFETCH_TALLY`.
 * Its presence is the proof that vitest came to its end.
 */
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

export interface SuiteTally {
  readonly passed: number;
  /** Full names of failed tests, and of files that could not be loaded. */
  readonly failed: readonly string[];
  /** Full name, and the reason given to `context.skip(reason)`. */
  readonly skipped: readonly { readonly name: string; readonly reason: string | null }[];
  /** Errors outside of any test. */
  readonly strayErrors: number;
}

const nameOf = (test: TestCase): string => `${test.module.relativeModuleId} > ${test.fullName}`;

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const withState = (state: "passed" | "failed" | "skipped" | "pending"): TestCase[] =>
      tests.filter((test) => test.result().state === state);
    const brokenModules = modules.filter((module) => module.errors().length > 0);
    const brokenSuites = modules
      .flatMap((module) => [...module.children.allSuites()])
      .filter((suite) => suite.errors().length > 0);
    const tally: SuiteTally = {
      passed: withState("passed").length,
      failed: [
        ...withState("failed").map(nameOf),
        // A test that never ran, because its worker or a hook died, has not passed.
        ...withState("pending").map(nameOf),
        ...brokenModules.map((module) => module.relativeModuleId),
        ...brokenSuites.map((suite) => `${suite.module.relativeModuleId} > ${suite.fullName}`),
      ],
      skipped: withState("skipped").map((test) => {
        const result = test.result();
        return { name: nameOf(test), reason: (result.state === "skipped" && result.note) || null };
      }),
      strayErrors: strayErrors.length,
    };
    const file = process.env.JCFETCH_TALLY;
    if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
  }
}
