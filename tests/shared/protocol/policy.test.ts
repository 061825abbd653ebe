import { decide, globMatches, type Policy } from "@jcfetch/shared/protocol/policy";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const policy = (part: Partial<Policy>): Policy =>
  ({
    v: 1,
    region: "us-east-1",
    start: "https://acme.awsapps.com/start",
    allow: [],
    ask: [],
    sensitive: [],
    maxCredentialSeconds: 3_600,
    maxPerMinute: 30,
    ...part,
  }) as Policy;

describe("what a grant allows", () => {
  const data = [{ account: "111122223333", roles: ["PowerUser", "Read*"] }];

  it.each([
    [data, "111122223333", "PowerUser", "allow"],
    [data, "111122223333", "ReadOnly", "allow"],
    [data, "111122223333", "Admin", "deny"],
    [data, "444455556666", "PowerUser", "deny"],
    [[{ account: "*", roles: ["ReadOnly"] }], "444455556666", "ReadOnly", "allow"],
    [[], "111122223333", "ReadOnly", "deny"],
  ] as const)("[PO1] %j for %s %s: %s", (allow, account, role, decision) => {
    expect(decide(policy({ allow: allow as Policy["allow"] }), { account, role })).toBe(decision);
  });

  it("[PO2] keeps sensitive roles out of sealed mode and asks where it says so, but never widens", () => {
    const asking = policy({ allow: data, ask: ["*User"], sensitive: ["Read*"] });
    expect(decide(asking, { account: "111122223333", role: "PowerUser" })).toBe("ask");
    expect(decide(asking, { account: "111122223333", role: "ReadOnly" })).toBe("relay-only");
    expect(decide(asking, { account: "999999999999", role: "PowerUser" })).toBe("deny");
  });
});

describe("role patterns", () => {
  const pieces = fc.string({ unit: fc.constantFrom("a", "b", "*", "."), maxLength: 12 });
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 12 });

  it("[PO1] match as the same pattern written as a regular expression does", () => {
    fc.assert(
      fc.property(pieces, texts, (glob, text) => {
        const expected = new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll(/\*+/g, ".*")}$`).test(text);
        expect(globMatches(glob, text)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});
