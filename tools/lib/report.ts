export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Lines for people, on stdout. The one place under tools/ that writes. */
export const say = (text = ""): void => {
  process.stdout.write(`${text}\n`);
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** `name       state     detail`, so that the lines of a run stand under one another. */
export const row = (name: string, state: string, detail: string): string =>
  `${name.padEnd(20)} ${state.padEnd(12)} ${detail}`.trimEnd();

/** The last lines of a run, and its exit code. CI reads the very last one, so its form is fixed. */
export function close(tallies: readonly Tally[], startedMs: number): void {
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  say(`\nin ${seconds(performance.now() - startedMs)}`);
  say(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
