import { MINUTE_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import { isOver, locksNow } from "../../../cli/src/agent/upkeep.ts";

const useful = {
  isStill: true,
  hasKeys: true,
  isShared: false,
  holdsNothing: false,
  idleMs: 24 * 60 * MINUTE_MS,
};

describe("an agent", () => {
  it.each([
    [false, useful],
    [false, { ...useful, holdsNothing: true, idleMs: 30 * MINUTE_MS }],
    [true, { ...useful, holdsNothing: true, idleMs: 30 * MINUTE_MS + 1 }],
    [true, { ...useful, holdsNothing: true, hasKeys: false, idleMs: 0 }],
    [true, { ...useful, isStill: false }],
    [false, { ...useful, holdsNothing: true, isShared: true }],
    [true, { ...useful, holdsNothing: true, isShared: true, hasKeys: false }],
  ])("[AG16] ends: %s, where it stands like %j", (ends, standing) => {
    expect(isOver(standing)).toBe(ends);
  });

  it("[AG13] locks by itself after the time that was set, if one was", () => {
    expect([locksNow(MINUTE_MS, undefined), locksNow(MINUTE_MS, MINUTE_MS)]).toEqual([false, false]);
    expect(locksNow(MINUTE_MS + 1, MINUTE_MS)).toBe(true);
  });
});
