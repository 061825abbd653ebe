import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM } from "../../support/browser.ts";
import { type FixtureName, readFixture } from "./fixtures.ts";

/* The button in a real browser, on drawn pages under the portal's real address, pressed by real pointer and keys. */

const URL_OF_PORTAL = "https://acme.awsapps.com/start";
const HOSTS = "[data-jcfetch]";
const STYLE =
  "<style>body{font:14px/20px sans-serif;margin:40px}td,th{padding:4px 16px;text-align:start}table{inline-size:900px}</style>";

let browser: Browser;
let script: string;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("page-entry.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
  });
  script = bundle.outputFiles[0]!.text;
}, 60_000);
afterAll(() => browser.close());

/** Shadow roots of the buttons, kept open for the test to look into; the product's own are closed. */
const LOOK_INSIDE = `{
  const attach = Element.prototype.attachShadow;
  window.modes = [];
  Element.prototype.attachShadow = function (init) {
    window.modes.push(init.mode);
    const root = attach.call(this, init);
    this.inside = root;
    return root;
  };
}`;

async function openPage(fixture: FixtureName, look = true): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  page.setDefaultTimeout(10_000);
  await page.route("**/*", (route) => {
    const isPage = route.request().url().startsWith(URL_OF_PORTAL);
    return isPage
      ? route.fulfill({
          contentType: "text/html",
          body: readFixture(fixture)
            .replace(/<meta http-equiv[^>]*>/, "")
            .replace("</head>", `${STYLE}</head>`),
        })
      : route.abort();
  });
  await page.goto(URL_OF_PORTAL);
  if (look) await page.evaluate(LOOK_INSIDE);
  await page.evaluate(script);
  return page;
}

/** A page whose buttons have stood for as long as the guard wants them to. */
async function openSettled(fixture: FixtureName): Promise<Page> {
  const page = await openPage(fixture);
  const started = await page.evaluate(() => Date.now());
  await page.locator(HOSTS).nth(2).waitFor();
  await page.waitForFunction((since) => Date.now() - since > 350, started);
  return page;
}

async function pressMain(page: Page, at = 0): Promise<void> {
  const box = (await page.locator(HOSTS).nth(at).boundingBox())!;
  await page.mouse.click(box.x + 30, box.y + box.height / 2);
}

async function pressMore(page: Page, at = 0): Promise<void> {
  const box = (await page.locator(HOSTS).nth(at).boundingBox())!;
  await page.mouse.click(box.x + box.width - 9, box.y + box.height / 2);
}

const copies = (page: Page) => page.evaluate(() => window.remembered.copies);
const faces = (page: Page): Promise<string[]> =>
  page.evaluate(
    (hosts) =>
      [...document.querySelectorAll(hosts)].map(
        (host) =>
          (host as { inside?: ShadowRoot } & Element).inside?.querySelector(".text")?.textContent ?? "",
      ),
    HOSTS,
  );
const untilFace = (page: Page, text: string, at = 0): Promise<unknown> =>
  page.waitForFunction(
    ([hosts, wanted, nth]) => {
      const host = document.querySelectorAll(hosts as string)[nth as number] as
        | ({ inside?: ShadowRoot } & Element)
        | undefined;
      return host?.inside?.querySelector(".text")?.textContent === wanted;
    },
    [HOSTS, text, at],
  );

describe.each(["gen2", "gen3"] as const)("on a page of %s", (fixture) => {
  test("every role has one button, in a closed root, and no row has moved for it", {
    timeout: 30_000,
  }, async () => {
    const page = await openPage(fixture, false);
    await page.locator(HOSTS).nth(2).waitFor();
    expect(await page.locator(HOSTS).count()).toBe(3);
    expect(await page.evaluate((hosts) => document.querySelector(hosts)!.shadowRoot, HOSTS)).toBeNull();
    const row = fixture === "gen2" ? '[data-testid="role-list-item"]' : 'tr[aria-level="2"]';
    const heights = () =>
      page.evaluate(
        (rows) => [...document.querySelectorAll(rows)].map((each) => each.getBoundingClientRect().height),
        row,
      );
    const withButtons = await heights();
    await page.evaluate(() => window.remembered.invalidate());
    expect(await page.locator(HOSTS).count()).toBe(0);
    expect(await heights()).toEqual(withButtons);
    await page.close();
  });

  test("a click copies the row's role and shows for how long it is valid", { timeout: 30_000 }, async () => {
    const page = await openSettled(fixture);
    await pressMain(page, 2);
    await untilFace(page, "59 m", 2);
    expect(await copies(page)).toEqual([{ account: "444455556666", role: "PowerUser", format: "sh" }]);
    await page.close();
  });

  test("it works by keyboard alone, format menu included", { timeout: 30_000 }, async () => {
    const page = await openSettled(fixture);
    await page.evaluate(
      (hosts) =>
        (document.querySelector(hosts) as { inside?: ShadowRoot } & Element)
          .inside!.querySelector<HTMLElement>(".main")!
          .focus(),
      HOSTS,
    );
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.remembered.copies.length === 1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.remembered.copies.length === 2);
    expect((await copies(page)).map(({ format }) => format)).toEqual(["sh", "fish"]);
    expect((await faces(page)).slice(1)).toEqual(["fish", "fish"]);
    expect(await page.evaluate(() => window.remembered.format)).toBe("fish");
    await page.close();
  });

  test("a row that the page gives to another role copies that role", { timeout: 30_000 }, async () => {
    const page = await openSettled(fixture);
    await page.evaluate(() => {
      const link = document.querySelector('a[href*="role_name=PowerUser"]')!;
      link.setAttribute("href", "#/console?account_id=444455556666&role_name=Auditor");
      link.textContent = "Auditor";
    });
    await pressMain(page, 2);
    await page.waitForFunction(() => window.remembered.copies.length === 1);
    expect(await copies(page)).toMatchObject([{ role: "Auditor" }]);
    await page.close();
  });
});

test("rows that are drawn anew get their button again, and a collapsed account leaves none behind", {
  timeout: 30_000,
}, async () => {
  const page = await openSettled("gen3");
  await page.evaluate(() => {
    const rows = [...document.querySelectorAll('tr[aria-level="2"]')];
    rows[0]!.replaceWith(rows[0]!.cloneNode(true));
    rows[2]!.remove();
  });
  await page.waitForFunction((hosts) => document.querySelectorAll(hosts).length === 2, HOSTS);
  await page.waitForFunction(
    (hosts) => (document.querySelector(hosts) as { inside?: ShadowRoot } & Element).inside !== undefined,
    HOSTS,
  );
  expect(await faces(page)).toEqual(["bash", "bash"]);
  await page.close();
});

test("a refusal is shown in a word, with its reason and the next step on hover", {
  timeout: 30_000,
}, async () => {
  const page = await openSettled("gen3");
  await page.evaluate(() => {
    window.remembered.answer = "signed-out";
  });
  await pressMain(page);
  await untilFace(page, "signed out");
  const title = await page.evaluate(
    (hosts) =>
      (document.querySelector(hosts) as { inside?: ShadowRoot } & Element).inside!.querySelector<HTMLElement>(
        ".main",
      )!.title,
    HOSTS,
  );
  expect(title).toBe("it was refused → do this");
  await page.close();
});

test("signing out takes the buttons away, coming back brings them", { timeout: 30_000 }, async () => {
  const page = await openSettled("gen3");
  await page.evaluate(() => {
    location.hash = "#/signout";
  });
  await page.waitForFunction((hosts) => document.querySelectorAll(hosts).length === 0, HOSTS);
  await page.evaluate(() => {
    location.hash = "#/";
  });
  await page.waitForFunction((hosts) => document.querySelectorAll(hosts).length === 3, HOSTS);
  await page.close();
});

test("the page is reported once, with its region", { timeout: 30_000 }, async () => {
  const page = await openSettled("gen3");
  expect(await page.evaluate(() => window.remembered.reports)).toEqual([
    { generation: "gen3", rows: 3, regionHints: ["us-east-1"] },
  ]);
  await page.close();
});

test("the menu stays in the window and copies in the format that was pressed", {
  timeout: 30_000,
}, async () => {
  const page = await openSettled("gen2");
  await page.setViewportSize({ width: 500, height: 330 });
  await pressMore(page, 2);
  const box = await page.evaluate((hosts) => {
    const menu = (
      document.querySelectorAll(hosts)[2] as { inside?: ShadowRoot } & Element
    ).inside!.querySelector(".menu")!;
    const { left, top, right, bottom } = menu.getBoundingClientRect();
    return { left, top, right, bottom };
  }, HOSTS);
  expect(box.left).toBeGreaterThanOrEqual(0);
  expect(box.top).toBeGreaterThanOrEqual(0);
  expect(box.right).toBeLessThanOrEqual(500);
  await page.mouse.click(box.left + 40, box.top + 60);
  await page.waitForFunction(() => window.remembered.copies.length === 1);
  await page.close();
});

/** What a script in the page can do to our button before it lures a click. */
const ATTACKS: readonly (readonly [string, () => void])[] = [
  ["the row is made transparent", () => style("tr[aria-level='2']", "opacity: 0.05")],
  ["the whole page is made transparent", () => style("html", "opacity: 0.01")],
  ["several ancestors are each a little transparent", () => style("main, table, tr", "opacity: 0.95")],
  [
    "our host is made transparent by the page's own important rule",
    () =>
      style("[data-jcfetch]", "clip-path: none; filter: opacity(0) !important") ??
      style("td", "filter: opacity(0.1)"),
  ],
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

describe("a click is lured while", () => {
  test.each(ATTACKS)("%s: nothing is copied", { timeout: 30_000 }, async (_what, attack) => {
    const page = await openSettled("gen3");
    await page.evaluate(`{${HELPERS}(${attack.toString()})()}`);
    const clicked = page.evaluate(() =>
      new Promise((resolve) => addEventListener("click", resolve, { capture: true, once: true })).then(
        () => true,
      ),
    );
    const box = (await page.locator(HOSTS).first().boundingBox())!;
    await page.mouse.click(box.x + Math.min(30, box.width / 3), box.y + box.height / 2);
    await clicked;
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await copies(page)).toEqual([]);
    await page.close();
  });

  test("the button has only just come up under the pointer: nothing is copied", {
    timeout: 30_000,
  }, async () => {
    const page = await openPage("gen3");
    await page.locator(HOSTS).first().waitFor();
    await page.evaluate(() => {
      const row = document.querySelector('tr[aria-level="2"]')!;
      row.replaceWith(row.cloneNode(true));
    });
    await page.waitForFunction(
      (hosts) => (document.querySelector(hosts) as { inside?: ShadowRoot } & Element)?.inside !== undefined,
      HOSTS,
    );
    await pressMain(page);
    await untilFace(page, "not copied");
    expect(await copies(page)).toEqual([]);
    await page.close();
  });

  test("the click is made by script: nothing is copied, and nothing is shown", {
    timeout: 30_000,
  }, async () => {
    const page = await openSettled("gen3");
    await page.evaluate((hosts) => {
      const { inside } = document.querySelector(hosts) as { inside?: ShadowRoot } & Element;
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
