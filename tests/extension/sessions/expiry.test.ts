import { HOUR_MS, MINUTE_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import { describeLeft, iconLook, nextLookMs } from "../../../extension/src/sessions/expiry.ts";

const now = 1_800_000_000_000;
const ends = (...leftMs: (number | null)[]) =>
  leftMs.map((left, i) => ({ alias: `p${i}`, endsAtMs: left === null ? null : now + left }));

describe("the toolbar's icon", () => {
  it.each([
    ["off before any portal is known", ends(), "off", ""],
    ["idle when nobody is signed in", ends(null, -1), "idle", ""],
    ["live while a session lasts", ends(8 * HOUR_MS), "live", ""],
    ["attention in the last ten minutes, with the minutes", ends(9.5 * MINUTE_MS), "attention", "10 m"],
    ["decided by the session that ends first", ends(8 * HOUR_MS, 30_000), "attention", "1 m"],
  ] as const)("is %s", (_, sessions, icon, badge) => {
    expect(iconLook(sessions, now)).toMatchObject({ icon, badge });
  });

  it("[PB5] has a dot for a page without buttons, unless there is more to say", () => {
    expect(iconLook(ends(8 * HOUR_MS), now, undefined, true)).toMatchObject({ icon: "live", badge: "•" });
    expect(iconLook(ends(30_000), now, undefined, true).badge).toBe("1 m");
    expect(iconLook(ends(8 * HOUR_MS), now, "somebody waits", true).badge).toBe("1");
  });

  it("is looked at again when it would change, and not before", () => {
    expect(nextLookMs(ends(HOUR_MS), now)).toBe(now + 50 * MINUTE_MS);
    expect(nextLookMs(ends(5 * MINUTE_MS), now)).toBe(now + MINUTE_MS);
    expect(nextLookMs(ends(20_000), now)).toBe(now + 20_000);
    expect(nextLookMs(ends(null), now)).toBeUndefined();
  });

  it("says what is left in hours and started minutes", () => {
    expect(describeLeft(7 * HOUR_MS + 12 * MINUTE_MS)).toBe("7 h 12 m");
    expect(describeLeft(1)).toBe("1 m");
    expect(describeLeft(-5)).toBe("0 m");
  });
});
