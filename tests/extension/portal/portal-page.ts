import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../../support/browser.ts";
import { type FixtureName, readFixture } from "./fixtures.ts";

/* The button in a real browser, on drawn pages under the portal's real address, pressed by real pointer and keys. */

const URL_OF_PORTAL = "https://acme.awsapps.com/start";
export const HOSTS = "[data-jcfetch]";
const STYLE =
  "<style>body{font:14px/20px sans-serif;margin:40px}td,th{padding:4px 16px;text-align:start}table{inline-size:900px}</style>";

/** A button's host, whose root the test keeps; the product's own roots are closed. */
export interface Host extends Element {
  readonly inside?: ShadowRoot;
}

const KEEP_ROOTS = `{
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    this.inside = attach.call(this, init);
    return this.inside;
  };
}`;

export interface PortalPages {
  /** `look: false` leaves the roots as closed as they are for everybody else. */
  open(fixture: FixtureName, look?: boolean): Promise<Page>;
  /** The same, with buttons that have stood for as long as the guard wants them to. */
  openSettled(fixture: FixtureName): Promise<Page>;
  close(): Promise<void>;
}

export async function startPortalPages(): Promise<PortalPages> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("page-entry.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
  });
  const script = bundle.outputFiles[0]!.text;

  async function open(fixture: FixtureName, look = true): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    page.setDefaultTimeout(10_000);
    // The policy of the real page would keep the test's own style and script out, as it does not the extension's.
    const body = readFixture(fixture)
      .replace(/<meta http-equiv[^>]*>/, "")
      .replace("</head>", `${STYLE}</head>`);
    await page.route("**/*", (route) =>
      route.request().url().startsWith(URL_OF_PORTAL)
        ? route.fulfill({ contentType: "text/html", body })
        : route.abort(),
    );
    await page.goto(URL_OF_PORTAL);
    if (look) await page.evaluate(KEEP_ROOTS);
    await page.evaluate(script);
    return page;
  }

  async function openSettled(fixture: FixtureName): Promise<Page> {
    const page = await open(fixture);
    await page.locator(HOSTS).nth(2).waitFor();
    await settle(page);
    return page;
  }

  return { open, openSettled, close: () => browser.close() };
}

/** Until what stands now has stood for as long as the guard wants it to. */
export async function settle(page: Page): Promise<void> {
  const shownAt = await page.evaluate(() => Date.now());
  await page.waitForFunction((since) => Date.now() - since > 300, shownAt);
}

/** What a button says on hover, and to screen readers. */
export const titleOf = (page: Page, at = 0): Promise<string> =>
  page.evaluate(
    ([hosts, nth]) =>
      document.querySelectorAll<Host>(hosts)[nth]!.inside!.querySelector<HTMLElement>(".main")!.title,
    [HOSTS, at] as const,
  );

export const untilTitle = (page: Page, part: string, at = 0): Promise<unknown> =>
  page.waitForFunction(
    ([hosts, wanted, nth]) =>
      document
        .querySelectorAll<Host>(hosts)
        [nth]?.inside?.querySelector<HTMLElement>(".main")
        ?.title.includes(wanted),
    [HOSTS, part, at] as const,
  );

/** The page gives the row of PowerUser to another role, as React does when it uses a row again. */
export const reuseRow = (page: Page, role: string): Promise<void> =>
  page.evaluate((name) => {
    const link = document.querySelector('a[href*="role_name=PowerUser"]')!;
    link.setAttribute("href", `#/console?account_id=444455556666&role_name=${name}`);
    link.textContent = name;
  }, role);

async function pressAt(page: Page, at: number, x: (width: number) => number): Promise<void> {
  const box = (await page.locator(HOSTS).nth(at).boundingBox())!;
  await page.mouse.click(box.x + x(box.width), box.y + box.height / 2);
}

export const pressMain = (page: Page, at = 0): Promise<void> =>
  pressAt(page, at, (width) => Math.min(30, width / 3));
export const pressMore = (page: Page, at = 0): Promise<void> => pressAt(page, at, (width) => width - 9);

export const copies = (page: Page) => page.evaluate(() => window.remembered.copies);

export const untilCopies = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction((wanted) => window.remembered.copies.length === wanted, count);

export const untilButtons = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction(([hosts, wanted]) => document.querySelectorAll(hosts).length === wanted, [
    HOSTS,
    count,
  ] as const);

/** What the buttons say, from top to bottom. */
export const faces = (page: Page): Promise<string[]> =>
  page.evaluate(
    (hosts) =>
      [...document.querySelectorAll<Host>(hosts)].map(
        ({ inside }) => inside?.querySelector(".text")?.textContent ?? "",
      ),
    HOSTS,
  );

export const untilFace = (page: Page, text: string, at = 0): Promise<unknown> =>
  page.waitForFunction(
    ([hosts, wanted, nth]) => {
      const host = document.querySelectorAll<Host>(hosts)[nth];
      return host?.inside?.querySelector(".text")?.textContent === wanted;
    },
    [HOSTS, text, at] as const,
  );
