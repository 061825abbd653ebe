import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccountRule } from "../../../extension/src/messaging/view.ts";
import { isPattern, placeOf } from "../../../extension/src/roles/environment.ts";
import { patternTest } from "../../../extension/src/roles/pattern.ts";

/** Each takes the browser's own engine longer than anybody waits. */
const HOSTILE = [
  "/^(a+)+b$/",
  "/(a|a)*b/",
  `/${"(a|a)".repeat(38)}b/`,
  "/(a?){40}a{40}b/",
  `${"*a".repeat(24)}*b`,
  "/(?=(a+)+b)(?=(a*)*b)/",
];

describe("[SW15] a rule's pattern", () => {
  test.each(HOSTILE)("%s is told apart from two thousand accounts without a stop", (match) => {
    const rule: AccountRule = { on: "name", match, environment: "prod", tags: [] };
    const begun = performance.now();
    for (let at = 0; at < 2_000; at++) {
      const name = `${"a".repeat(46)}${at}`;
      expect(placeOf({ id: "1", name }, [rule]).environment).toBeNull();
    }
    expect(performance.now() - begun).toBeLessThan(20_000); // the browser's engine needs years
  });

  test.each(["/((a{99}){99}){99}/", "/((){999999}){999999}/", "/(a+)\\1/", "/(?<=a)b/", "/(a{2)/"])(
    "%s cannot be read, and says so",
    (match) => {
      expect(isPattern(match)).toBe(false);
    },
  );

  test("fits what the browser's own engine says that it fits", () => {
    const atom = fc.constantFrom(
      ...["a", "b", "-", ".", "\\d", "\\w", "[ab]", "[^a]", "\\b", "^", "$", "(?:a|b)", "(a)"],
      ...["(?=b)", "(?!a)", "(a|ab)(b|)", "\\.", "A", "|"],
    );
    const times = fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?");
    const part = fc
      .tuple(atom, times)
      .map(([what, again]) => (/^(?:\\b|[$^|]|\(\?[=!])/.test(what) ? what : what + again));
    const source = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 6 }), times)
      .map(([parts, again]) => `(?:${parts.join("")})${again}`);
    const text = fc.string({ unit: fc.constantFrom(..."abA-.1b"), maxLength: 8 });
    fc.assert(
      fc.property(source, text, (expression, name) => {
        expect(patternTest(expression)?.(name)).toBe(new RegExp(expression, "i").test(name));
      }),
      { numRuns: 3_000 },
    );
  });
});

test.each(["ＰＲＯＤ web", "pr\u200bod-web", "pay \u202eprod"])(
  "[SW1] letters that read as prod are prod: %j",
  (name) => {
    expect(placeOf({ id: "1", name }, []).environment).toBe("prod");
  },
);
