import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], extra: object = {}) => ({
  test: {
    name,
    include,
    environment: "node",
    sequence: { shuffle: { tests: true, files: false } },
    ...extra,
  },
});

/** Suites that start processes (workerd, browsers, the AWS CLI) get time to do so; nothing in them sleeps. */
const heavy = { testTimeout: 60_000, hookTimeout: 120_000 };

/** The attack suite: a reduced run by default, hours at full numbers (tests/hostile/scale.ts). */
const hostile = {
  ...heavy,
  testTimeout: process.env.HOSTILE === "full" ? 4 * 3_600_000 : 120_000,
  fileParallelism: false,
};

export default defineConfig({
  test: {
    projects: [
      project("shared", ["tests/shared/**/*.test.ts"]),
      project("cli", ["tests/cli/**/*.test.ts"]),
      project("extension", ["tests/extension/**/*.test.{ts,tsx}"]),
      project("worker", ["tests/worker/**/*.test.ts"], heavy),
      project("contract", ["tests/contract/**/*.test.ts"], heavy),
      project("scripts", ["tests/scripts/**/*.test.ts"], heavy),
      project("journeys", ["tests/journeys/**/*.test.ts"], {
        ...heavy,
        testTimeout: 180_000,
        fileParallelism: false,
      }),
      project("hostile", ["tests/hostile/**/*.test.ts"], hostile),
      project("house", ["tests/house/**/*.test.ts"], heavy),
    ],
  },
});
