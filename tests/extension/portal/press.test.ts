import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  copies,
  faces,
  HOSTS,
  type Host,
  type PortalPages,
  pressMain,
  startPortalPages,
  untilFace,
} from "./portal-page.ts";

let pages: PortalPages;

beforeAll(async () => {
  pages = await startPortalPages();
}, 60_000);
afterAll(() => pages.close());

/** What a script in the page can do to our button before it lures a click. */
const ATTACKS: readonly (readonly [string, () => void])[] = [
  ["the row is made transparent", () => style("tr[aria-level='2']", "opacity: 0.05")],
  ["the whole page is made transparent", () => style("html", "opacity: 0.01")],
  ["several ancestors are each a little transparent", () => style("main, table, tr", "opacity: 0.95")],
  ["the cell is filtered away", () => style("td", "filter: opacity(0.1)")],
  [
    "an opaque cover lets the pointer through",
    () => cover("background: white; pointer-events: none; inset: 0"),
  ],
  [
    "a cover lies on one corner only",
    () =>
      coverButton(
        (b) =>
          `background: white; pointer-events: none; left: ${b.right - 14}px; top: ${b.bottom - 9}px; width: 30px; height: 30px`,
      ),
  ],
  [
    "a cover stands in the browser's top layer",
    () => {
      const element = cover(
        "background: white; pointer-events: none; inset: 0; width: 100%; height: 100%; margin: 0; border: 0",
      );
      element.popover = "manual";
      element.showPopover();
    },
  ],
  [
    "a cover lies in another shadow tree",
    () => {
      const element = cover("inset: 0; pointer-events: none");
      const inner = element.attachShadow({ mode: "closed" }).appendChild(document.createElement("div"));
      inner.style.cssText = "position: absolute; inset: 0; background: white";
    },
  ],
  [
    "a cover insists in its own style on letting the pointer through",
    () => cover("background: white; inset: 0; pointer-events: none !important"),
  ],
  [
    "a cover insists by a strong selector on letting the pointer through",
    () => {
      cover("background: white; inset: 0").id = "strong";
      style("#strong#strong", "pointer-events: none !important");
    },
  ],
  [
    "a cover in an open shadow tree lets the pointer through",
    () => {
      const inner = cover("").attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
      inner.style.cssText = "position: fixed; inset: 0; background: white; pointer-events: none";
    },
  ],
  [
    "the page's own body brings the cover",
    () =>
      style(
        "body::after",
        'content: ""; position: fixed; inset: 0; background: white; pointer-events: none; z-index: 9',
      ),
  ],
  ["the cell is cut to nothing", () => style("td:last-child", "clip-path: inset(0 0 0 40px)")],
  ["the table is blended away", () => style("table", "mix-blend-mode: difference")],
  ["the table is masked", () => style("table", "mask-image: linear-gradient(transparent, transparent)")],
  ["the page is scaled down to a dot", () => style("table", "transform: scale(0.2); transform-origin: 0 0")],
];

const HELPERS = `
  const style = (selector, rules) => { const s = document.createElement("style"); s.textContent = selector + "{" + rules + "}"; document.head.append(s); };
  const cover = (css) => { const d = document.createElement("div"); d.style.cssText = "position: fixed; z-index: 2147483647;" + css; document.body.append(d); return d; };
  const coverButton = (css) => cover(css(document.querySelector("[data-jcfetch]").getBoundingClientRect()));
`;
declare function style(selector: string, rules: string): undefined;
declare function cover(css: string): HTMLElement;
declare function coverButton(css: (box: DOMRect) => string): void;

describe("[EX6] a click is lured while", () => {
  test.each(ATTACKS)("%s: nothing is copied", { timeout: 30_000 }, async (_what, attack) => {
    const page = await pages.openSettled("gen3");
    await page.evaluate(`{${HELPERS}(${attack.toString()})()}`);
    const clicked = page.evaluate(() =>
      new Promise((resolve) => addEventListener("click", resolve, { capture: true, once: true })).then(
        () => true,
      ),
    );
    await pressMain(page);
    await clicked;
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await copies(page)).toEqual([]);
    await page.close();
  });

  test("ink of the page is made transparent: what the button says stays readable", {
    timeout: 30_000,
  }, async () => {
    const page = await pages.openSettled("gen3");
    await page.evaluate(
      `{${HELPERS} style("td, td *", "color: transparent !important; -webkit-text-fill-color: transparent !important; text-indent: -999px !important")}`,
    );
    const looks = await page.evaluate((hosts) => {
      const style = getComputedStyle(document.querySelector<Host>(hosts)!.inside!.querySelector(".text")!);
      return [style.color, style.getPropertyValue("-webkit-text-fill-color"), style.textIndent];
    }, HOSTS);
    expect(looks).toEqual(["rgb(22, 25, 31)", "rgb(22, 25, 31)", "0px"]);
    await page.close();
  });

  test("the button has only just come up under the pointer: nothing is copied", {
    timeout: 30_000,
  }, async () => {
    const page = await pages.open("gen3");
    await page.locator(HOSTS).first().waitFor();
    await page.evaluate(() => {
      // From here to the press no time goes by, however long the pointer takes.
      window.remembered.nowMs = Date.now();
      const row = document.querySelector('tr[aria-level="2"]')!;
      row.replaceWith(row.cloneNode(true));
    });
    await page.waitForFunction((hosts) => document.querySelector<Host>(hosts)?.inside !== undefined, HOSTS);
    await pressMain(page);
    await untilFace(page, "not copied");
    expect(await copies(page)).toEqual([]);
    await page.close();
  });

  test("the click is made by script: nothing is copied, and nothing is shown", {
    timeout: 30_000,
  }, async () => {
    const page = await pages.openSettled("gen3");
    await page.evaluate((hosts) => {
      const { inside } = document.querySelector<Host>(hosts)!;
      inside!.querySelector<HTMLElement>(".main")!.click();
      inside!
        .querySelector<HTMLElement>(".main")!
        .dispatchEvent(new MouseEvent("click", { detail: 1, bubbles: true }));
    }, HOSTS);
    expect(await copies(page)).toEqual([]);
    expect((await faces(page))[0]).toBe("bash");
    await page.close();
  });
});
