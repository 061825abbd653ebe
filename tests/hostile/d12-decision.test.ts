import { mergeSeen, NOTHING_SEEN, type Seen } from "@jcfetch/shared/device-line";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecidingBroker } from "./clone/broker.ts";
import { PlainLine } from "./clone/line.ts";
import { count, measured, type Random, random, scale, seed } from "./scale.ts";

/** One use of a device's keys: by whom, how long after the one before, and whether its answer came to be kept. */
interface Use {
  readonly by: 0 | 1;
  readonly afterSeconds: number;
  readonly kept: boolean;
}

/**
 * A device and its copy, from the moment of copying, with the same number in both. At each step the broker's decision is
 * held against the plain rule, so that whoever presents what was superseded for too long is locked there and then.
 *
 * @returns the use with which the device was locked.
 */
function play(uses: readonly Use[]): number | undefined {
  const broker = new DecidingBroker();
  const plain = new PlainLine();
  let now = 1_000;
  const use = (n: number): number | undefined => {
    const expected = plain.present(n, now);
    const { is, next } = broker.ask(n, now, true);
    expect(is).toBe(expected);
    if (is === "head") expect(next).toBe(plain.issue());
    return next;
  };
  const first = use(0)!;
  const held = [first, first] as [number, number];
  for (const [i, { by, afterSeconds, kept }] of uses.entries()) {
    now += afterSeconds;
    const next = use(held[by]);
    if (next === undefined) return i;
    if (kept) held[by] = next;
  }
  return undefined;
}

const ALTERNATELY: readonly Use[] = [0, 1, 0, 1].map((by) => ({
  by: by as 0 | 1,
  afterSeconds: 121,
  kept: true,
}));

describe("D-12: a device and its copy", () => {
  it("D-12: are locked at the first use of whoever was overtaken, in every short interleaving", (context) => {
    const kinds = [0, 1].flatMap((by) =>
      [1, 121].flatMap((afterSeconds) =>
        [true, false].map((kept) => ({ by: by as 0 | 1, afterSeconds, kept })),
      ),
    );
    const length = scale(4, 6);
    let locked = 0;
    for (let number = 0; number < kinds.length ** length; number++) {
      const uses = Array.from(
        { length },
        (_, i) => kinds[Math.floor(number / kinds.length ** i) % kinds.length]!,
      );
      if (play(uses) !== undefined) locked += 1;
      // However it went before: once both have used what they hold twice, one of them is the loser.
      expect(play([...uses, ...ALTERNATELY])).toBeDefined();
    }
    measured(
      context,
      `${count(kinds.length ** length)} interleavings, ${count(locked)} locked before the last use`,
    );
  });

  it("D-12: are locked at the first use of whoever was overtaken, in long interleavings drawn at random", (context) => {
    const use = fc.record({
      by: fc.constantFrom(0 as const, 1 as const),
      afterSeconds: fc.oneof(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 115, max: 125 }),
        fc.nat(10_000),
      ),
      kept: fc.boolean(),
    });
    const runs = scale(500, 10_000);
    fc.assert(
      fc.property(fc.array(use, { maxLength: 40 }), (uses) => {
        expect(play([...uses, ...ALTERNATELY])).toBeDefined();
      }),
      { numRuns: runs, seed: seed() },
    );
    measured(context, `${count(runs)} interleavings of up to 44 uses`);
  });
});

interface Running {
  readonly presented: Seen;
  readonly brings: boolean;
  arrivesAt: number;
  /** Once the broker has answered. */
  answer?: Seen;
}

/** The slowest way from reading what is kept to the broker: as long as a proof is good whose clock is a minute ahead. */
const SLOWEST_THERE_SECONDS = 121;
/** And back: what the clients wait for at most. */
const SLOWEST_BACK_SECONDS = 20;

/** One terminal's programs, up to `width` at a time. @returns how many requests the broker has judged; all were good. */
function playAlone(steps: number, width: number, next: Random): number {
  const broker = new DecidingBroker();
  let kept = NOTHING_SEEN;
  let now = 1_000;
  let judged = 0;
  const running: Running[] = [];
  while (judged < steps) {
    const isIdle = running.length === 0;
    if (isIdle || (running.length < width && next(3) > 0)) {
      if (isIdle) now += [0, 1, 30, 121, 4_000][next(5)]!;
      running.push({ presented: kept, brings: next(4) > 0, arrivesAt: now + next(SLOWEST_THERE_SECONDS) });
      continue;
    }
    const one = running.reduce((first, other) => (other.arrivesAt < first.arrivesAt ? other : first));
    now = Math.max(now, one.arrivesAt);
    if (one.answer === undefined) {
      const { is, next: n } = broker.ask(one.presented.n, now, one.brings);
      if (n === undefined) throw new Error(`${is} after ${judged} requests of one terminal`);
      judged += 1;
      one.answer = { ...one.presented, n };
      one.arrivesAt = now + next(SLOWEST_BACK_SECONDS);
      continue;
    }
    running.splice(running.indexOf(one), 1);
    // One answer in five is lost on its way, or its program is killed before it could keep what it was told.
    if (one.brings && next(5) > 0) kept = mergeSeen(kept, one.answer, one.presented);
  }
  return judged;
}

describe("D-12: one terminal alone", () => {
  it.each([
    ["one program after the other", 1],
    ["eight programs at a time", 8],
  ])("D-12: is never locked: %s, answers lost, programs killed", (_, width) => {
    const steps = scale(20_000, 1_000_000);
    expect(playAlone(steps, width, random())).toBe(steps);
  });
});
