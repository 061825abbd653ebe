import { Pace } from "@jcfetch/shared/pace";
import { describe, expect, it } from "vitest";

/** A clock that waiting moves. */
function paced(perSecond: number, random?: () => number) {
  let nowMs = 1_000_000;
  const startMs = nowMs;
  const wait = async (ms: number): Promise<void> => {
    nowMs += ms;
  };
  const pace = new Pace({ perSecond, now: () => nowMs, wait, ...(random ? { random } : {}) });
  return { pace, elapsedMs: () => nowMs - startMs };
}

describe("the pace of calls to AWS", () => {
  it("lets the first call go at once and then no more than so many a second", async () => {
    const { pace, elapsedMs } = paced(10);
    await pace.turn();
    expect(elapsedMs()).toBe(0);
    for (let i = 0; i < 50; i++) {
      pace.went();
      await pace.turn();
    }
    expect(elapsedMs()).toBe(5_000);
  });

  it("pauses everybody for as long as AWS says, and goes on at half the speed", async () => {
    const { pace, elapsedMs } = paced(10);
    await pace.turn();
    pace.refused(3_000);
    expect(pace.throttled).toBe(true);
    await pace.turn();
    expect(elapsedMs()).toBe(3_000);
    await pace.turn();
    expect(elapsedMs()).toBe(3_200);
    pace.went();
    expect(pace.throttled).toBe(false);
  });

  it("never pauses for less than AWS says, and spreads those who were told the same", async () => {
    const ends = await Promise.all(
      [0, 0.5, 1].map(async (share) => {
        const { pace, elapsedMs } = paced(10, () => share);
        pace.refused(4_000);
        await pace.turn();
        return elapsedMs();
      }),
    );
    expect(ends).toEqual([4_000, 4_500, 5_000]);
  });

  it.each([
    [60_000, 60_000],
    [600_000, 120_000],
  ])("heeds a pause of %d ms that AWS asks for, up to two minutes", async (asked, pausedMs) => {
    const { pace, elapsedMs } = paced(10);
    pace.refused(asked);
    await pace.turn();
    expect(elapsedMs()).toBe(pausedMs);
  });

  it("takes refusals of calls that were under way together for one", async () => {
    const { pace, elapsedMs } = paced(10);
    for (let i = 0; i < 6; i++) pace.refused();
    await pace.turn();
    expect(elapsedMs()).toBe(200);
    await pace.turn();
    expect(elapsedMs()).toBe(400);
  });

  it("doubles the pause at each refusal in a row, up to a limit, and never stands still", async () => {
    const { pace, elapsedMs } = paced(10);
    const pauses: number[] = [];
    for (let i = 0; i < 10; i++) {
      const before = elapsedMs();
      pace.refused();
      await pace.turn();
      pauses.push(elapsedMs() - before);
    }
    expect(pauses[0]).toBe(200);
    expect(pauses[5]).toBe(6_400);
    expect(pauses.at(-1)).toBe(20_000);
  });

  it("comes back to full speed when AWS is content", async () => {
    const { pace, elapsedMs } = paced(10);
    pace.refused(0);
    for (let i = 0; i < 20; i++) pace.went();
    await pace.turn();
    const before = elapsedMs();
    await pace.turn();
    expect(elapsedMs() - before).toBe(100);
  });
});
