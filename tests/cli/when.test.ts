import { DAY_MS, HOUR_MS, MINUTE_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import { countdown, duration, left, until } from "../../cli/src/when.ts";

describe("times in words", () => {
  it.each([
    [-1, "0 s"],
    [41_900, "41 s"],
    [58 * MINUTE_MS + 59_000, "58 min"],
    [7 * HOUR_MS + 12 * MINUTE_MS, "7 h 12 m"],
    [2 * HOUR_MS + 59_999, "2 h"],
    [DAY_MS, "1 day"],
    [29.9 * DAY_MS, "29 days"],
  ])("%d ms last %s, never more than there is", (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it.each([
    [2 * HOUR_MS - 400, "2 h left"],
    [30 * MINUTE_MS - 400, "30 min left"],
    [58 * MINUTE_MS + 29_000, "58 min left"],
    [10 * MINUTE_MS - 400, "9 min left"],
    [-400, "0 s left"],
    [DAY_MS - 400, "1 day left"],
    [2 * DAY_MS - 400, "1 day left"],
  ])("%d ms that are left are %s, as people say it, and never more where a minute counts", (ms, words) => {
    expect(left(ms)).toBe(words);
  });

  it("count down in minutes and seconds", () => {
    expect([countdown(292_000), countdown(59_001), countdown(-5)]).toEqual(["4:52", "1:00", "0:00"]);
  });

  it("are relative under a day and a date after, with the year where it is another", () => {
    const now = new Date(2025, 10, 22, 12).getTime();
    expect(until(now + HOUR_MS, now)).toBe("in 1 h");
    expect(until(new Date(2025, 11, 22, 12).getTime(), now)).toBe("22 December");
    expect(until(new Date(2026, 0, 3, 12).getTime(), now)).toBe("3 January 2026");
  });
});
