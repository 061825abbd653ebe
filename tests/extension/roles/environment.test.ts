import { describe, expect, test } from "vitest";
import type { AccountRule } from "../../../extension/src/messaging/view.ts";
import { isPattern, placeOf } from "../../../extension/src/roles/environment.ts";

const rule = (over: Partial<AccountRule>): AccountRule => ({
  on: "name",
  match: "*",
  environment: null,
  tags: [],
  ...over,
});
const account = { id: "111122223333", name: "Payments Dev", email: "aws+pay@acme.example" };

describe("what an account is", () => {
  test("[SW1] is said by the first rule that names an environment, then by the name", () => {
    const rules = [
      rule({ on: "email", match: "*+pay@*", tags: ["money"] }),
      rule({ on: "id", match: "1111*", environment: "prod", tags: ["core", "money"] }),
      rule({ match: "/^pay/", environment: "staging", tags: ["late"] }),
    ];
    expect(placeOf(account, rules)).toEqual({ environment: "prod", tags: ["money", "core", "late"] });
    expect(placeOf({ ...account, id: "2", email: null }, rules)).toEqual({
      environment: "staging",
      tags: ["late"],
    });
    expect(placeOf(account, [])).toEqual({ environment: "dev", tags: [] });
  });

  test.each([
    ["pay*", true],
    ["PAYMENTS ?ev", true],
    ["pay", false],
    ["Payments.Dev", false],
    ["/ments\\s+d/", true],
    ["/^dev/", false],
  ])("the pattern %s fits: %s", (match, fits) => {
    expect(placeOf(account, [rule({ match, environment: "prod" })]).environment === "prod").toBe(fits);
  });

  test("a pattern that cannot be read fits nothing", () => {
    expect(isPattern("/(/")).toBe(false);
    expect(isPattern("  ")).toBe(false);
    expect(isPattern("team-*")).toBe(true);
    expect(placeOf(account, [rule({ match: "/(/", environment: "prod" })]).environment).toBe("dev");
  });
});
