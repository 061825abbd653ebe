import { NOTHING_SPENT, spend } from "@jcfetch/shared/replay-window";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** The rule said plainly: unseen, and not 64 or more behind the highest. */
function reference() {
  const seen = new Set<number>();
  let highest = 0;
  return (counter: number): boolean => {
    if (seen.has(counter) || counter <= highest - 64) return false;
    seen.add(counter);
    highest = Math.max(highest, counter);
    return true;
  };
}

function accepted(counters: readonly number[]): boolean[] {
  let window = NOTHING_SPENT;
  return counters.map((counter) => {
    const next = spend(window, counter);
    window = next ?? window;
    return next !== undefined;
  });
}

describe("the counter window", () => {
  it("[PF5] accepts exactly what the plain rule accepts, in any order", () => {
    const near = fc.integer({ min: 1, max: 200 });
    const far = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    const counters = fc.array(fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: far }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(counters, (run) => {
        const allowed = reference();
        expect(accepted(run)).toEqual(run.map((counter) => allowed(counter)));
      }),
      { numRuns: 500 },
    );
  });

  it("[PF5] holds at its edges", () => {
    expect(accepted([64, 1, 0])).toEqual([true, true, false]);
    expect(accepted([65, 1, 2])).toEqual([true, false, true]);
    expect(accepted([1, 65, 2, 65, 66])).toEqual([true, true, true, false, true]);
    const top = Number.MAX_SAFE_INTEGER;
    expect(accepted([top, top, top - 63, top - 64, top - 63])).toEqual([true, false, true, false, false]);
  });
});
