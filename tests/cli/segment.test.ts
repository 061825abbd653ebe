import { describe, expect, it } from "vitest";
import { actingAs, endOf, segment } from "../../cli/src/segment.ts";

const keys = { AWS_SESSION_TOKEN: "t", AWS_CREDENTIAL_EXPIRATION: "1970-01-01T01:00:00Z" };

describe("the prompt's segment", () => {
  it.each([
    [3_600_000, "dev 60m"],
    [7_200_000, "dev 2h"],
    [7_199_000, "dev 119m"],
    [300_000, "dev 5m"],
    [299_000, "dev 4m!"],
    [0, ""],
    [-1, ""],
  ])("[CF7] with %d ms left is %j", (leftMs, expected) => {
    expect(segment("dev", 1_000_000 + leftMs, 1_000_000)).toBe(expected);
  });

  it("[CF7] is nothing where nothing is known, and never steers the terminal", () => {
    expect(segment("dev", undefined, 0)).toBe("");
    expect(segment("d\u001b[31mev", 3_600_000, 0)).toBe("d[31mev 60m");
  });

  it.each([
    [{}, undefined],
    [{ AWS_PROFILE: "dev" }, { kind: "profile", name: "dev" }],
    [
      { AWS_PROFILE: "dev", JCFETCH_PROFILE: "prod" },
      { kind: "profile", name: "prod" },
    ],
    [keys, { kind: "keys", name: "aws", endsAtMs: 3_600_000 }],
    [
      { ...keys, JCFETCH_PROFILE: "dev" },
      { kind: "keys", name: "dev", endsAtMs: 3_600_000 },
    ],
    [{ ...keys, AWS_CREDENTIAL_EXPIRATION: "soon" }, undefined],
  ])("[CF7] of a shell with %j is about %j", (env, expected) => {
    expect(actingAs(env)).toEqual(expected);
  });

  it("[CF7] takes the end of the very role", () => {
    const held = [{ source: "", account: "1", role: "A", expiresAtMs: 5, refreshing: false }];
    expect(endOf({ account: "1", role: "A" }, held)).toBe(5);
    expect(endOf({ account: "1", role: "B" }, held)).toBeUndefined();
  });
});
