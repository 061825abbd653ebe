import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHOWN, type Shown, type StoryPages, show, startStoryPages } from "./story-pages.ts";

/* Room for words: every drawn state in languages that are longer, or read the other way, and on narrow or enlarged pages. */

let stories: StoryPages;
beforeAll(async () => {
  stories = await startStoryPages();
});
afterAll(() => stories.close());

/** Elements whose content is cut off or hangs out, as far as nobody meant it: an ellipsis, a list that scrolls. */
function overflowing(): string[] {
  const name = (element: Element): string =>
    `${element.tagName.toLowerCase()}.${element.className} “${element.textContent?.slice(0, 40)}”`;
  const meant = (element: Element): boolean =>
    element.closest("select, svg, .chips, input, .unseen, [hidden]") !== null ||
    getComputedStyle(element).textOverflow === "ellipsis";
  const outside = (element: Element): boolean => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && (left < -1 || right > innerWidth + 1);
  };
  const found: string[] = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  for (const element of document.body.querySelectorAll("*")) {
    if (meant(element) || getComputedStyle(element).display === "inline") continue;
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
      found.push(`too wide by ${element.scrollWidth - element.clientWidth}: ${name(element)}`);
    } else if (outside(element)) found.push(`outside: ${name(element)}`);
    const cut = getComputedStyle(element).overflowY === "hidden" || element.matches("button, .row, .popup");
    if (cut && element.scrollHeight > element.clientHeight + 2) {
      found.push(`too high by ${element.scrollHeight - element.clientHeight}: ${name(element)}`);
    }
  }
  return found;
}

async function overflowsOf(page: Page, which: readonly Shown[]): Promise<string[]> {
  const found: string[] = [];
  for (const shown of which) {
    await show(page, shown);
    const faults = await page.evaluate(overflowing);
    found.push(...faults.map((fault) => `${shown.page} ${shown.story}: ${fault}`));
  }
  return found;
}

const POPUP = { width: 400, height: 560 };
const POPUPS = SHOWN.filter(({ page }) => page === "popup");

describe("every drawn state", () => {
  it.each([
    ["de", { lang: "de", dir: "ltr" }],
    ["pt-BR", { lang: "pt-BR", dir: "ltr" }],
    ["rtl", { lang: "he", dir: "rtl" }],
  ])("[LL3] stands on a page that says what language it is in: %s", async (language, said) => {
    const page = await stories.open(language, { viewport: POPUP });
    await show(page, { story: "home", page: "popup" });
    expect(
      await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir })),
    ).toEqual(said);
    await page.close();
  });

  it.each(["long", "rtl", "de"])("[LL4] has room for its words in the popup: %s", async (language) => {
    const page = await stories.open(language, { viewport: POPUP });
    expect(await overflowsOf(page, POPUPS)).toEqual([]);
    await page.close();
  });

  it("[LL4] shows portals whole beside each other, and the region whole or not at all, in every language", async () => {
    const cut = () =>
      [...document.querySelectorAll<HTMLElement>(".strip, .chips, .chip, .where > span")].flatMap((part) => {
        const { top, right } = part.getBoundingClientRect();
        const unseen = part.matches(".where > span") && top > 30; // wrapped away
        const limit = part.closest(".where")?.getBoundingClientRect().right ?? innerWidth;
        const fits = part.scrollWidth <= part.clientWidth + 1 && right <= limit + 1;
        return unseen || fits ? [] : [`${part.className}: ${part.textContent}`];
      });
    for (const language of ["en", "de", "fr", "es", "ja", "pt-BR"]) {
      const page = await stories.open(language, { viewport: POPUP });
      for (const story of ["home", "two-portals", "expired"]) {
        await show(page, { story, page: "popup" });
        expect(await page.evaluate(cut), `${language} ${story}`).toEqual([]);
      }
      await page.close();
    }
  });

  it("[PM4] breaks no host at a hyphen where the browser is asked for it", async () => {
    const page = await stories.open("de", { viewport: POPUP });
    for (const kind of ["popup", "welcome"] as const) {
      await show(page, { story: "permission", page: kind });
      const lines = await page
        .locator(".host")
        .evaluateAll((hosts) => hosts.map((host) => Math.round(host.clientHeight / 20)));
      expect(lines, kind).toEqual([1, 1]);
    }
    await page.close();
  });

  it.each(["pair-review", "pair-review-remote"])(
    "[LL4] shows the last choice under More whole, above what says what is given: %s",
    async (story) => {
      const page = await stories.open("long", { viewport: POPUP });
      await show(page, { story, page: "popup" });
      const last = page.locator(".more-terms :is(select, input)").last();
      const foot = page.locator(".approve-foot");
      await expect
        .poll(async () => {
          const [field, below] = await Promise.all([last.boundingBox(), foot.boundingBox()]);
          return field!.y + field!.height <= below!.y;
        })
        .toBe(true);
      await page.close();
    },
  );

  it.each(["long", "rtl"])(
    "[LL4] has room beside a page and on pages as narrow as a zoom of 400 per cent makes them: %s",
    async (language) => {
      const page = await stories.open(language, { viewport: { width: 320, height: 800 } });
      const narrow = SHOWN.filter(({ page: kind }) => kind !== "popup");
      expect(await overflowsOf(page, narrow)).toEqual([]);
      await page.close();
    },
  );
});
