import { describe, expect, it } from "vitest";
import { codeUnder, files, PROGRAMS, programCode, reachableFrom, read } from "./tree.ts";

/** Everything that may stand at the top. A new name here is a decision: write it into CONTRIBUTING.md too. */
const TOP = [
  ".ci",
  ".gitignore",
  ".npmrc",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "PRIVACY.md",
  "README.md",
  "SECURITY.md",
  "bench",
  "biome.json",
  "cli",
  "docs",
  "extension",
  "package-lock.json",
  "package.json",
  "packaging",
  "shared",
  "tests",
  "tools",
  "tsconfig.base.json",
  "vitest.config.ts",
  "worker",
  "wrangler.toml",
];

/** Long files that are one thing, each with its reason. */
const LONG_FILES: Record<string, string> = {
  "shared/src/protocol/endpoints.ts": "the broker on one screen: a table that is read as a whole",
};

const linesOf = (path: string): number => read(path).split("\n").length - 1;
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

describe("the layout", () => {
  it("has only known names at the top", () => {
    const names = [...new Set(files.map((path) => path.split("/")[0] as string))].sort();
    expect(names).toEqual([...TOP].sort());
  });

  it("has every folder that CONTRIBUTING.md tells newcomers about", () => {
    const text = read("CONTRIBUTING.md");
    const named = [...text.matchAll(/^\| `([\w/]+)\/` \|/gm)].map((match) => match[1] as string);
    expect(named.length).toBeGreaterThanOrEqual(6);
    expect(named.filter((folder) => !files.some((path) => path.startsWith(`${folder}/`)))).toEqual([]);
  });

  it("keeps files at 300 lines or fewer, but for those with a reason", () => {
    const all = [
      ...codeUnder(...PROGRAMS, "tests", "tools", "bench"),
      ...files.filter((path) => path.endsWith(".css")),
    ];
    const long = all.filter((path) => linesOf(path) > 300);
    expect(
      long.filter((path) => !(path in LONG_FILES)).map((path) => `${path}: ${linesOf(path)} lines`),
    ).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((path) => !files.includes(path))).toEqual([]);
  });

  it("keeps the median file of the programs under 80 lines", () => {
    expect(median(programCode.map(linesOf))).toBeLessThanOrEqual(80);
  });

  it("names files in lower case with hyphens", () => {
    const odd = codeUnder(...PROGRAMS, "tests", "tools", "bench").filter(
      (path) => !/^[a-z0-9./-]+$/.test(path),
    );
    expect(odd).toEqual([]);
  });

  it("has no file in the programs that none of them reaches from where it starts", () => {
    // Taken in place of a module of WXT's by wxt.config.ts, and imported by WXT alone.
    const aliased = "extension/src/portal/lifetime.ts";
    const starts = programCode.filter(
      (path) =>
        path === aliased ||
        /^(cli\/src\/main\.ts|worker\/src\/index\.ts|worker\/src\/local\/|extension\/src\/entrypoints\/)/.test(
          path,
        ),
    );
    const reached = reachableFrom(starts);
    expect(programCode.filter((path) => !reached.has(path) && !path.endsWith(".d.ts"))).toEqual([]);
  });
});
