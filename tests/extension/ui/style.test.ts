import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const FOLDER = fileURLToPath(new URL("../../../extension/src/ui/style/", import.meta.url));
const sheets = globSync("*.css", { cwd: FOLDER }).map((name) => ({
  name,
  text: readFileSync(FOLDER + name, "utf8").replace(/\/\*.*?\*\//gs, ""),
}));
const others = sheets.filter(({ name }) => name !== "tokens.css");
const tokens = sheets.find(({ name }) => name === "tokens.css")!.text;

/** Lines of the sheets that show a pattern. */
const linesWith = (pattern: RegExp, among = others): string[] =>
  among.flatMap(({ name, text }) =>
    text
      .split("\n")
      .filter((line) => pattern.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );

const SIDES =
  /(^|[\s;{-])(left|right|top|bottom)\s*:|(margin|padding|border)-(left|right|top|bottom)|(text-align|float|clear)\s*:\s*(left|right)|(^|\s)(min-|max-)?(width|height)\s*:/;

describe("the style sheets", () => {
  it("[LL6] know no left and right", () => {
    expect(linesWith(SIDES, sheets).filter((line) => !/@media/.test(line))).toEqual([]);
  });

  it("[LL6] take colors and sizes of type from the names they have", () => {
    expect(linesWith(/#[\da-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i)).toEqual([]);
    expect(
      linesWith(/font(-size)?:[^;]*\d(px|rem|em|pt)\b(?!\s*\/?\s*\d*.*var\(--mono)/).filter(
        (line) => !/font: var\(/.test(line),
      ),
    ).toEqual([]);
  });

  it("[LL6] name every color once, for light and dark", () => {
    const names = [...tokens.matchAll(/^\s*(--[\w-]+):/gm)].map(([, name]) => name as string);
    expect(names.filter((name, at) => names.indexOf(name) !== at && name !== "--quick")).toEqual([]);
    const used = new Set(
      others.flatMap(({ text }) => [...text.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name)),
    );
    expect([...used].filter((name) => !names.includes(name as string))).toEqual([]);
  });
});
