import { describe, expect, it } from "vitest";
import { distance, nearest } from "../../cli/src/nearest.ts";

describe("the word that was probably meant", () => {
  it.each([
    ["", "", 0],
    ["abc", "abc", 0],
    ["abc", "acb", 1],
    ["abc", "ab", 1],
    ["abc", "xabc", 1],
    ["kitten", "sitting", 3],
  ])("is measured in edits: %s to %s", (a, b, edits) => {
    expect(distance(a, b)).toBe(edits);
    expect(distance(b, a)).toBe(edits);
  });

  it("is the nearest, and none when all are far", () => {
    expect(nearest("stauts", ["status", "logout"])).toBe("status");
    expect(nearest("STATUS", ["status"])).toBe("status");
    expect(nearest("payments", ["status", "logout"])).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });
});
