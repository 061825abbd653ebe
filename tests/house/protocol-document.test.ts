import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { LOCAL_ERRORS, WIRE_ERRORS } from "@jcfetch/shared/protocol/errors";
import { SOCKET_PATH } from "@jcfetch/shared/protocol/relay";
import { describe, expect, it } from "vitest";
import { codeUnder, files, read } from "./tree.ts";

const document = read("docs/protocol.md");
const rulesIn = (text: string): string[] =>
  [...text.matchAll(/\[([A-Z]{2}\d{1,2})\]/g)].map((match) => match[1] as string);

/** Rules that have a number and no test yet stand in a section of their own, so that nobody overlooks them. */
const [, notYetSection = ""] =
  /^## [^\n]*not yet[^\n]*\n([\s\S]*?)(?=^## |(?![\s\S]))/im.exec(document) ?? [];
const notYet = rulesIn(notYetSection);

const defined = [...document.matchAll(/^- \*\*\[([A-Z]{2}\d{1,2})\]\*\*/gm)].map(
  (match) => match[1] as string,
);

/** Numbers at the start of a name, `"[CR1] [CR2] …"` or `"D-6: [CR1] …"`: one that a comment mentions proves nothing. */
const citedInTest = (text: string): string[] =>
  [...text.matchAll(/["'`](?:D-\d{1,2}: )?((?:\[[A-Z]{2}\d{1,2}\] ?)+)/g)].flatMap((match) =>
    rulesIn(match[1] as string),
  );

/** Rule → files whose tests cite it. */
const cited = new Map<string, string[]>();
const cite = (path: string, rules: readonly string[]): void => {
  for (const rule of rules) cited.set(rule, [...(cited.get(rule) ?? []), path]);
};
for (const path of codeUnder("tests")) if (/\.test\.tsx?$/.test(path)) cite(path, citedInTest(read(path)));
for (const path of files) if (/^tests\/scripts\/.*\.txt$/.test(path)) cite(path, rulesIn(read(path)));

describe("docs/protocol.md", () => {
  it("gives every rule one number", () => {
    expect(defined.length).toBeGreaterThan(60);
    expect(defined.filter((rule, index) => defined.indexOf(rule) !== index)).toEqual([]);
  });

  it("has every rule that a test cites", () => {
    const unknown = [...cited].filter(([rule]) => !defined.includes(rule));
    expect(unknown.map(([rule, paths]) => `${rule} in ${paths.join(", ")}`)).toEqual([]);
  });

  it("lists exactly the rules without a test as not yet proved", () => {
    const unproved = defined.filter((rule) => !cited.has(rule));
    expect(notYet.sort()).toEqual(unproved.sort());
  });

  it("names every endpoint and who may call it", () => {
    const rows = Object.entries(ENDPOINTS).map(
      ([name, { path, caller }]) => `| \`${path}\` | ${caller} | \`${name}\` |`,
    );
    expect(rows.filter((row) => !document.includes(row))).toEqual([]);
  });

  it("names no endpoint that is not there", () => {
    const paths: string[] = [SOCKET_PATH, ...Object.values(ENDPOINTS).map(({ path }) => path)];
    const named = [...document.matchAll(/`(\/v1\/[\w/]+)`/g)].map((match) => match[1] as string);
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it("has the same table of errors as the code, row by row", () => {
    const rows = [...document.matchAll(/^\| `([\w-]+)` +\| (\d{3}|–) +\| (\d+) +\|$/gm)].map(
      ([, code, status, exit]) => [code, status === "–" ? undefined : Number(status), Number(exit)],
    );
    const inCode = [
      ...Object.entries(WIRE_ERRORS).map(([code, { status, exit }]) => [code, status, exit]),
      ...Object.entries(LOCAL_ERRORS).map(([code, { exit }]) => [code, undefined, exit]),
    ];
    expect(rows).toEqual(inCode);
  });
});
