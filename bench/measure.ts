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

/** As a program starts another one whose answer it reads. */
const start = ({ command, args, env = process.env }: Omit<Candidate, "name">) =>
  spawnSync(command, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", env });

/** The most that a process of this kind had in RAM, in MiB. @source getrusage(2), ru_maxrss in KiB. */
export function peakMib({ name, command, args, env }: Candidate): number {
  const script =
    "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
  const words = ["-c", script, command, ...args];
  const { status, stdout, stderr } = start({ command: "/usr/bin/python3", args: words, ...(env && { env }) });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return Number(stdout) / KIB_PER_MIB;
}

const KIB_PER_MIB = 1_024;

function oneRunMs({ name, command, args, env }: Candidate): number {
  const startedMs = performance.now();
  const { status, error, stderr } = start({ command, args, ...(env && { env }) });
  if (status !== 0) throw new Error(`${name} ended with ${status ?? error?.message}: ${stderr}`);
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
