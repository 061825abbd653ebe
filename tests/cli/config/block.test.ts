import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { join, split } from "../../../cli/src/config/block.ts";

const withBlock = (text: string, lines: readonly string[]): string => {
  const parts = split(text);
  if (!parts.ok) throw new Error(parts.error.why);
  return join(parts.value, lines);
};

const foreign = fc.string({ unit: fc.constantFrom("a", " ", "\n", "\r\n", "#", "[x]", "é", "\ufeff", "=") });
const ours = fc.array(fc.constantFrom("[profile a]", "k = v", "# note"), { minLength: 1 });

describe("our block in somebody else's file", () => {
  it("[CL3] leaves every byte before it, and is taken out without a trace", () => {
    fc.assert(
      fc.property(foreign, ours, (text, lines) => {
        const written = withBlock(text, lines);
        expect(written.startsWith(text)).toBe(true);
        expect(withBlock(written, [])).toBe(text);
      }),
    );
  });

  it("[CL3] is changed in its place, whatever was added before and after it since", () => {
    fc.assert(
      fc.property(foreign, ours, foreign, ours, (before, first, after, second) => {
        const grown = withBlock(before, first) + after;
        const changed = withBlock(grown, second);
        expect(changed.startsWith(before)).toBe(true);
        expect(changed.endsWith(after)).toBe(true);
        expect(withBlock(changed, first)).toBe(grown);
        expect(withBlock(changed, [])).toBe(before + after);
      }),
    );
  });

  it("[CL3] has the line endings of the file", () => {
    expect(withBlock("[a]\r\nk = v\r\n", ["[profile b]"])).toMatch(/\r\n\[profile b\]\r\n# <<< jcfetch\r\n$/);
    expect(withBlock("", ["[profile b]"])).not.toContain("\r");
  });

  it.each([
    ["# <<< jcfetch\n", 1],
    [`${withBlock("x\n", ["y"])}# <<< jcfetch\n`, 5],
    [withBlock("", ["y"]) + withBlock("", ["y"]), 4],
    [withBlock("", ["y"]).split("\n").slice(0, 2).join("\n"), 1],
  ])("[CL3] [CL5] whose markers were edited is broken in a line", (text, line) => {
    const parts = split(text);
    expect(parts.ok || parts.error.line).toBe(line);
  });
});
