import { defineConfig } from "vitest/config";

/** CI's machine is slow and does other things too. Where time matters a test measures it; here it only ends what hangs. */
const patient = { testTimeout: 60_000, hookTimeout: 180_000, expect: { poll: { timeout: 30_000 } } };

const project = (name: string, include: string[], extra: object = {}) => ({
  test: {
    name,
    include,
    environment: "node",
    ...patient,
    sequence: { shuffle: { tests: true, files: false } },
    ...extra,
  },
});

/**
 * Suites that start processes (workerd, browsers, the AWS CLI) get time to do so, and a folder for what they leave behind. They mostly
 * wait (`scripts` alone took 212 s of 668 s on two cores), so three files run side by side whatever the number of cores.
 */
const heavy = { testTimeout: 120_000, maxWorkers: 3, globalSetup: ["tests/support/own-temp.ts"] };

/** The attack suite: a reduced run by default, hours at full numbers (tests/hostile/scale.ts). */
const hostile = {
  ...heavy,
  testTimeout: process.env.HOSTILE === "full" ? 4 * 3_600_000 : 300_000,
  fileParallelism: false,
};

export default defineConfig({
  test: {
    projects: [
      project("shared", ["tests/shared/**/*.test.ts"]),
      project("cli", ["tests/cli/**/*.test.ts"]),
      project("extension", ["tests/extension/**/*.test.{ts,tsx}"], {
        ...heavy,
        setupFiles: ["tests/extension/words.ts"],
      }),
      project("worker", ["tests/worker/**/*.test.ts"], heavy),
      project("contract", ["tests/contract/**/*.test.ts"], heavy),
      project("scripts", ["tests/scripts/**/*.test.ts"], heavy),
      project("journeys", ["tests/journeys/**/*.test.ts"], {
        ...heavy,
        testTimeout: 300_000,
        maxWorkers: 2,
      }),
      project("hostile", ["tests/hostile/**/*.test.ts"], hostile),
      project("house", ["tests/house/**/*.test.ts"], { testTimeout: 120_000 }),
    ],
  },
});
