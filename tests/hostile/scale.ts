import type { TestContext } from "vitest";

/*
 * How much of an attack is run: a reduced, seeded part of it in `npm test`, all of it in `npm run test:hostile`. Tests are
 * named after their row, `D-3: …`, and tell with `measured` what they ran.
 */

declare module "vitest" {
  interface TaskMeta {
    /** What was run and how often, for the line of the row. */
    measured?: string;
  }
}

const FULL = process.env.HOSTILE === "full";

/** The number to run: of the two, the one for this kind of run. */
export const scale = (reduced: number, full: number): number => (FULL ? full : reduced);

/** For a test that runs whole or not at all. */
export const isFull = (): boolean => FULL;

/** The same in every reduced run; `npm run test:hostile` draws one and prints it. `HOSTILE_SEED` gives any other. */
export const seed = (): number => Number(process.env.HOSTILE_SEED ?? 20_261_123) >>> 0;

/** Say what a test ran: "50,000 copies, 1,000 accepted". */
export function measured({ task }: Pick<TestContext, "task">, what: string): void {
  task.meta.measured = what;
}

/** For people: 100000 as "100,000". */
export const count = (n: number): string => n.toLocaleString("en-US");

export type Random = (below: number) => number;

/** Marsaglia's xorshift: small, and for one seed the same in every run. @returns integers from 0 to `below - 1`. */
export function random(from = seed()): Random {
  let state = from || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Runs `work` for 0 … n-1, at most `width` at a time. */
export async function inParallel(
  n: number,
  width: number,
  work: (i: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < n) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, n) }, worker));
}
