import { ANYWHERE, decide, globMatches, type Policy, preview } from "@jcfetch/shared/protocol/policy";
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
    unattended: false,
    networks: ANYWHERE,
    ...part,
  }) as Policy;

describe("what a grant allows", () => {
  const data = [{ account: "111122223333", roles: ["PowerUser", "Read*"] }];

  it.each([
    [data, "111122223333", "PowerUser", "allowed"],
    [data, "111122223333", "ReadOnly", "allowed"],
    [data, "111122223333", "Admin", "denied"],
    [data, "444455556666", "PowerUser", "denied"],
    [[{ account: "*", roles: ["ReadOnly"] }], "444455556666", "ReadOnly", "allowed"],
    [[], "111122223333", "ReadOnly", "denied"],
  ] as const)("[PO1] %j for %s %s: %s", (allow, account, role, access) => {
    const grant = { modes: ["sealed" as const], policy: policy({ allow: allow as Policy["allow"] }) };
    expect(decide(grant, { account, role }).access).toBe(access);
  });

  const asking = policy({ allow: data, ask: ["*User"], sensitive: ["Read*"] });
  const power = { account: "111122223333", role: "PowerUser" };
  const read = { account: "111122223333", role: "ReadOnly" };

  it.each([
    [["sealed"], power, { access: "allowed", mode: "sealed", asks: true }],
    [["sealed"], read, { access: "denied" }],
    [["relay"], power, { access: "allowed", mode: "relay", asks: true }],
    [["relay"], read, { access: "allowed", mode: "relay", asks: false }],
    [["sealed", "relay"], power, { access: "allowed", mode: "sealed", asks: true }],
    [["sealed", "relay"], read, { access: "allowed", mode: "relay", asks: false }],
    [["sealed", "relay"], { ...power, account: "999999999999" }, { access: "denied" }],
  ] as const)("[PO2] a grant for %j decides about %j: %j", (modes, role, decision) => {
    expect(decide({ modes, policy: asking }, role)).toEqual(decision);
  });

  it("[PO4] previews each of the user's roles as it will be decided", () => {
    const grant = { modes: ["sealed" as const], policy: asking };
    const roles = [power, read, { account: "999999999999", role: "PowerUser" }];
    expect(preview(grant, roles)).toEqual(roles.map((role) => ({ role, decision: decide(grant, role) })));
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
