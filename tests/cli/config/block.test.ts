import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { join, split } from "../../../cli/src/config/block.ts";

const withBlock = (text: string, lines: readonly string[]): string => {
  const parts = split(text);
  if (!parts.ok) throw new Error(parts.error.why);
  return join(parts.value, lines);
};

const foreign = fc.string({
  unit: fc.constantFrom("a", " ", "\n", "\r\n", "\r", "#", "[x]", "é", "\ufeff", "="),
});
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
        const kept = withBlock(changed, []);
        const between = kept.slice(before.length, kept.length - after.length);
        expect(kept).toBe(before + between + after);
        const mustPart = before !== "" && !before.endsWith("\n") && after !== "";
        expect(between).toMatch(mustPart ? /^\r?\n$/ : /^$/);
      }),
    );
  });

  it("[CL3] taken out, does not join the user's last line to what another tool put behind it", () => {
    const written = withBlock("[default]\nregion = eu-west-1", ["[profile a]"]);
    expect(withBlock(`${written}[profile b]\n`, [])).toBe("[default]\nregion = eu-west-1\n[profile b]\n");
  });

  it("[CL3] takes only its own line end along when another line's was changed", () => {
    const written = withBlock("[default]\nregion = eu-west-1", ["[profile a]"]);
    const changed = written.replace("[default]\n", "[default]\r\n");
    expect(withBlock(changed, [])).toBe("[default]\r\nregion = eu-west-1");
  });

  it("[CL3] takes its whole line end along when an editor changed them all", () => {
    const written = withBlock("[default]\nregion = eu-west-1", ["[profile a]"]);
    expect(withBlock(written.replaceAll("\n", "\r\n"), [])).toBe("[default]\r\nregion = eu-west-1");
  });

  it("[CL3] leaves a carriage return that ends the user's text", () => {
    for (const text of ["[default]\r", "[a]\r\n[b]\r"]) {
      expect(withBlock(withBlock(text, ["[profile a]"]), [])).toBe(text);
    }
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
