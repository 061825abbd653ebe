import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHOWN, type StoryPages, show, startStoryPages } from "./story-pages.ts";

/* Every drawn state, looked at by axe: in light by all its rules, in dark by the one that colors can change. */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare const axe: { run(options: object): Promise<AxeResults> };

let stories: StoryPages;
let page: Page;
beforeAll(async () => {
  stories = await startStoryPages();
  page = await stories.open("en", { viewport: { width: 400, height: 560 } });
  await page.evaluate(AXE);
});
afterAll(() => stories.close());

/** What axe holds against what is shown, one line each. */
const faults = (rules?: readonly string[]): Promise<string[]> =>
  page.evaluate(async (only) => {
    const options = only ? { runOnly: { type: "rule", values: only } } : {};
    const { violations } = await axe.run({ ...options, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  }, rules);

async function faultsOfAll(theme: string, rules?: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const shown of SHOWN) {
    await show(page, shown, theme);
    found.push(...(await faults(rules)).map((fault) => `${shown.page} ${shown.story}: ${fault}`));
  }
  return found;
}

describe("axe", () => {
  it("[LL5] finds nothing at all in any drawn state", async () => {
    expect(await faultsOfAll("light")).toEqual([]);
  });

  it("[LL5] finds enough contrast in the dark too", async () => {
    expect(await faultsOfAll("dark", ["color-contrast"])).toEqual([]);
  });

  it("would find a button without a name and words that are too pale", async () => {
    await show(page, { story: "home", page: "popup" });
    await page.evaluate(() => {
      const pale = Object.assign(document.createElement("p"), { textContent: "pale" });
      pale.style.color = "#bbb";
      document.querySelector("main")?.append(document.createElement("button"), pale);
    });
    const found = (await faults()).map((fault) => fault.split(":")[0]);
    expect(found).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
  });
});
