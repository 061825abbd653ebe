import { describe, expect, it } from "vitest";
import { isGlob, matcher } from "../../../cli/src/config/matching.ts";
import { inParallel } from "../../../cli/src/parallel.ts";

describe("patterns of profiles", () => {
  it.each([
    ["prod-*", "prod-eu", true],
    ["prod-*", "prod-", true],
    ["prod-*", "nonprod-eu", false],
    ["*", "anything", true],
    ["dev-?", "dev-1", true],
    ["dev-?", "dev-10", false],
    ["a.b*", "a.bc", true],
    ["a.b*", "axbc", false],
    ["(a|b)*", "a", false],
    ["[ab]*", "[ab]c", true],
    ["1111_*", "1111_Admin", true],
  ])("[US10] %s and %s: %s", (glob, name, fits) => {
    expect([isGlob(glob), matcher(glob).test(name)]).toEqual([true, fits]);
  });
});

describe("work in parallel", () => {
  it("[US10] never does more at one time than it may, and answers in order", async () => {
    let now = 0;
    let most = 0;
    const items = Array.from({ length: 20 }, (_, i) => i);
    const answers = await inParallel(3, items, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return item * 2;
    });
    expect([most, answers]).toEqual([3, items.map((item) => item * 2)]);
  });
});
