import { spawnSync } from "node:child_process";

/** The number below which this share (0 to 1) of them lies. */
export const quantile = (numbers: readonly number[], share: number): number =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ??
  Number.NaN;

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** A whole process, from start to end, as a caller sees it. */
export interface Candidate {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

function oneRunMs({ name, command, args, env }: Candidate): number {
  const startedMs = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: "ignore", env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${name} ended with ${status ?? error?.message}`);
  return performance.now() - startedMs;
}

/** Median wall time of each, in milliseconds. They take turns, so that a noisy machine is noisy for all. */
export function sideBySide(candidates: readonly Candidate[], rounds: number): Map<string, number> {
  const times = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (const candidate of candidates) oneRunMs(candidate);
  for (let round = 0; round < rounds; round += 1) {
    for (const candidate of candidates) times.get(candidate.name)?.push(oneRunMs(candidate));
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}
