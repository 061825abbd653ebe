import { describe, expect, it } from "vitest";
import { codeUnder, files, read } from "./tree.ts";

const document = read("docs/threat-model.md");
const protocol = read("docs/protocol.md");

const allOf = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] as string)),
];

/** Rows of the attack suite that a test is named after. */
const rows = allOf(
  codeUnder("tests/hostile")
    .filter((path) => path.endsWith(".test.ts"))
    .map(read)
    .join("\n"),
  /["'`](D-\d+): /g,
);
const rules = allOf(protocol, /^- \*\*\[([A-Z]{2}\d{1,2})\]\*\*/gm);
/** T1 … with what shows it. */
const attackers = [...document.matchAll(/^\| T(\d+) \|.*\| ([^|]*) \|$/gm)].map(([, number, shownBy]) => ({
  number: Number(number),
  shownBy: shownBy as string,
}));

describe("docs/threat-model.md", () => {
  it("says first what cannot be prevented", () => {
    expect(document.match(/^## .*$/m)?.[0]).toBe("## What cannot be prevented");
  });

  it("has a row for each attacker from 1 to 35, each with what shows it", () => {
    expect(attackers.map(({ number }) => number)).toEqual(Array.from({ length: 35 }, (_, i) => i + 1));
    const bare = attackers.filter(({ shownBy }) => !/\[[A-Z]{2}\d+\]|D-\d+/.test(shownBy));
    expect(bare).toEqual([]);
  });

  it("names every row of the attack suite, and lists exactly those that are not there yet", () => {
    const named = allOf(document, /\b(D-\d+)\b/g);
    expect(rows.filter((row) => !named.includes(row))).toEqual([]);
    const [, notYet = ""] = document.split("## Rows that are not there yet");
    expect(allOf(notYet, /\b(D-\d+)\b/g).sort()).toEqual(named.filter((row) => !rows.includes(row)).sort());
  });

  it("names only rules that there are", () => {
    const texts = ["docs/threat-model.md", "docs/formal.md", "docs/storage.md", "SECURITY.md"]
      .map(read)
      .join("\n");
    const named = allOf(texts, /\b([A-Z]{2}\d{1,2})\b(?=[\],])/g);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((rule) => !rules.includes(rule))).toEqual([]);
  });

  it("leads only to files and headings that there are", () => {
    const anchorOf = (heading: string): string =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-");
    const broken = ["threat-model", "formal", "storage"].flatMap((name) => {
      const links = allOf(read(`docs/${name}.md`), /\]\(([^)]+)\)/g);
      return links.filter((link) => {
        const [path, anchor] = link.split("#") as [string, string | undefined];
        const target = path.startsWith("../") ? path.slice(3) : `docs/${path}`;
        if (!files.includes(target)) return true;
        const headings = allOf(read(target), /^#+ (.*)$/gm).map(anchorOf);
        return anchor !== undefined && !headings.includes(anchor);
      });
    });
    expect(broken).toEqual([]);
  });
});
