import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LOCAL_ERRORS, WIRE_ERRORS } from "@jcfetch/shared/protocol/errors";
import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { problemOf } from "../../../extension/src/broker/refusal.ts";
import { PROBLEM_CODES, problem } from "../../../extension/src/messaging/problems.ts";
import { flatten, type Messages } from "../../support/messages.ts";
import { type Node, stringsIn, wordsShown } from "./texts-in-code.ts";

const SOURCE = fileURLToPath(new URL("../../../extension/", import.meta.url));
const read = (path: string): string => readFileSync(SOURCE + path, "utf8");
const locale = (name: string): Messages => JSON.parse(read(`src/locales/${name}.json`)) as Messages;

const LANGUAGES = ["de", "en", "es", "fr", "ja", "pt_BR"];
const english = flatten(locale("en"));
const fillingsOf = (text: string | undefined): string => [...new Set(text?.match(/\$\d/g))].sort().join(" ");
const sources = globSync("{src/**/*.{ts,tsx},wxt.config.ts}", { cwd: SOURCE });
const parsed = sources.map((path) => ({
  path,
  tree: parseAst(read(path), { lang: path.endsWith("x") ? "tsx" : "ts" }) as unknown as Node,
}));

describe("the texts", () => {
  it("[LL1] are there in six languages", () => {
    const names = globSync("src/locales/*.json", { cwd: SOURCE }).map((path) =>
      path.replace(/.*\/|\.json/g, ""),
    );
    expect(names.sort()).toEqual(LANGUAGES);
  });

  it.each(LANGUAGES)("[LL1] are the same with the same fillings in %s", (name) => {
    const texts = flatten(locale(name));
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
    const odd = [...texts].filter(([key, text]) => fillingsOf(text) !== fillingsOf(english.get(key)));
    expect(odd).toEqual([]);
    expect([...texts].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it.each(LANGUAGES)(
    "[LL1] hold nothing in %s that Chromium takes for the name of a filling: it would not load the extension",
    (name) => {
      expect([...flatten(locale(name)).values()].filter((text) => /\$[\w@]+\$/.test(text))).toEqual([]);
    },
  );

  it.each(LANGUAGES)("speak calmly in %s: nobody is shouted at", (name) => {
    expect([...flatten(locale(name)).values()].filter((text) => /[!！¡]/.test(text))).toEqual([]);
  });

  it.each(LANGUAGES)("[LL3] of %s say which language they are", (name) => {
    const { language } = locale(name) as { language: Messages };
    expect(language).toEqual({ tag: name.replace("_", "-"), dir: "ltr" });
  });

  it("[LL1] are all used", () => {
    const patterns = parsed.flatMap(({ tree }) => stringsIn(tree));
    const plain = new Set(patterns.filter((one) => typeof one === "string"));
    const open = patterns.filter((one) => one instanceof RegExp);
    const unused = [...english.keys()].filter((key) => {
      const place = key.replaceAll("_", ".");
      return !plain.has(place) && !plain.has(`__MSG_${key}__`) && !open.some((one) => one.test(place));
    });
    expect(unused).toEqual([]);
  });

  it("[LL1] stand nowhere else: no component holds words of its own", () => {
    const found = parsed
      .filter(({ path }) => path.endsWith(".tsx"))
      .flatMap(({ path, tree }) => wordsShown(tree).map((words) => `${path}: ${words}`));
    expect(found).toEqual([]);
  });

  it("the look at components sees words where people would see them", () => {
    const code = "const a = <p title='one' class='two'>three {on ? 'four' : t('five')} <code>six</code></p>;";
    expect(wordsShown(parseAst(code, { lang: "tsx" }) as unknown as Node).sort()).toEqual([
      "four",
      "one",
      "three",
    ]);
  });
});

describe("refusals", () => {
  it("[LL2] by a broker say in English what the shared table says", () => {
    const table = { ...WIRE_ERRORS, ...LOCAL_ERRORS };
    for (const [code, { title, next }] of Object.entries(table)) {
      if (code === "unknown") continue; // there a terminal is meant
      expect(problemOf({ code: code as keyof typeof table })).toEqual({ code, text: title, next });
    }
  });

  it("[LL2] of our own each have their words", () => {
    for (const code of PROBLEM_CODES) {
      const { text, next } = problem(code);
      expect([text, next].map((words) => words.length > 0)).toEqual([true, true]);
    }
  });
});
