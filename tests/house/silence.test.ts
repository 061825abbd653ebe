import { describe, expect, it } from "vitest";
import { codeUnder, PROGRAMS, read } from "./tree.ts";

const code = codeUnder(...PROGRAMS, "tests", "tools", "bench").filter(
  (path) => path !== "tests/house/silence.test.ts",
);
const tests = code.filter((path) => path.startsWith("tests/") && !path.startsWith("tests/sim/"));

const linesWith = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

describe("checks", () => {
  it("are silenced only with a reason, one rule at a time", () => {
    const silenced = linesWith(code, /biome-ignore/);
    expect(silenced.filter((line) => !/biome-ignore lint\/\w+\/\w+: \S.{15,}/.test(line))).toEqual([]);
    expect(linesWith(code, /@ts-(?:ignore|nocheck|expect-error)|biome-ignore-(?:all|start)/)).toEqual([]);
  });

  it("leave nothing for later in the code", () => {
    expect(linesWith(code, /\b(?:TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
  });
});

describe("tests", () => {
  it("all run: none is left out, singled out or expected to fail", () => {
    expect(linesWith(tests, /\b(?:it|test|describe)\.(?:only|todo|fails|skip)\b/)).toEqual([]);
  });

  it("wait for the thing itself, never for a time", () => {
    expect(
      linesWith(tests, /waitForTimeout\(|await (?:sleep|delay|setTimeout)\(|=> setTimeout\(\w+, ?[\d_]+\)/),
    ).toEqual([]);
  });
});
