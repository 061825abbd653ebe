import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { environmentByName as environmentOf } from "../../../extension/src/roles/environment.ts";
import { ago, longDuration, shortDuration } from "../../../extension/src/ui/duration.ts";

describe("the environment of an account, by its name", () => {
  test.each([
    ["Payments Prod", "prod"],
    ["acme-payments-production", "prod"],
    ["PaymentsProd", "prod"],
    ["payments_prd2", "prod"],
    ["PROD", "prod"],
    ["prod-staging-mirror", "prod"],
    ["Payments Staging", "staging"],
    ["stg-7", "staging"],
    ["pre-prod", "staging"],
    ["preprod", "staging"],
    ["Pre Production", "staging"],
    ["Data nonprod", "dev"],
    ["Data Non-Prod", "dev"],
    ["data-NONPRODUCTION", "dev"],
    ["DataNonProd", "dev"],
    ["Sandbox 42", "dev"],
    ["Product Catalog", null],
    ["Reproduction", null],
    ["Devices", null],
    ["", null],
  ] as const)("%s is %s", (name, environment) => {
    expect(environmentOf(name)).toBe(environment);
  });

  test("a name in which every prod is a nonprod is never prod", () => {
    const separator = fc.constantFrom(" ", "-", "_", "", ".");
    const word = fc.constantFrom("data", "acme", "eu", "42");
    fc.assert(
      fc.property(
        word,
        separator,
        fc.constantFrom("nonprod", "NonProd", "non-prod", "NON PROD", "non_production"),
        word,
        (before, gap, nonprod, after) => {
          expect(
            environmentOf(`${before}${gap === "" ? " " : gap}${nonprod}${gap === "" ? " " : gap}${after}`),
          ).not.toBe("prod");
        },
      ),
    );
  });
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test.each([
  [-5, "0 m", "less than a minute"],
  [59 * SECOND, "< 1 m", "less than a minute"],
  [MINUTE, "1 m", "1 minute"],
  [59 * MINUTE + 59 * SECOND, "59 m", "59 minutes"],
  [HOUR, "1 h", "1 hour"],
  [7 * HOUR + 12 * MINUTE, "7 h 12 m", "7 hours 12 minutes"],
  [24 * HOUR, "1 d", "1 day"],
  [29 * 24 * HOUR + 23 * HOUR, "29 d", "29 days"],
])("%i ms is written %s and spoken %s", (ms, short, long) => {
  expect(shortDuration(ms)).toBe(short);
  expect(longDuration(ms)).toBe(long);
});

test("what happened within a minute is just now", () => {
  expect(ago(59 * SECOND)).toBe("just now");
  expect(ago(3 * HOUR)).toBe("3 h ago");
});
