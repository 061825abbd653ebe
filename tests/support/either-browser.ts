import { type Browser, openBrowser } from "./browser.ts";
import { type Firefox, openFirefox } from "./firefox.ts";
import type { Screen } from "./screen.ts";

/*
 * Chromium and Firefox behind one face, as small as attacks need it: tabs that go somewhere and run code there.
 */

export const BROWSERS = ["Chromium", "Firefox"] as const;
export type BrowserName = (typeof BROWSERS)[number];

export interface Tab extends AsyncDisposable {
  /** The same tab for a person. */
  readonly screen: Screen;
  goto(url: string): Promise<unknown>;
  /** Answer the way to `url` with this document, as a server would that stood there a moment ago. */
  gotoStandIn(url: string, html: string): Promise<void>;
  /** The value of an expression in the page's own world; waits for a promise. */
  evaluate(expression: string): Promise<unknown>;
  /** The next answer from this address has arrived. */
  answerFrom(url: string): Promise<unknown>;
  /** The one a person looks at. */
  toFront(): Promise<void>;
  url(): string;
}

export interface EitherBrowser extends AsyncDisposable {
  /** The folder in which this browser keeps everything. */
  readonly profile: string;
  /** Hosts that were asked for over the network; all of them, where the browser is watched. */
  readonly hosts: ReadonlySet<string>;
  /** @param early script that runs in every document of the tab before anything else does. */
  newTab(early?: string): Promise<Tab>;
  /** A page of our extension, or of the one in this folder. */
  openExtensionPage(path: string, extension?: string): Promise<Tab>;
  /** `chrome-extension://…` or `moz-extension://…` of the extension in this folder, without a slash at its end. */
  originOf(extension: string): Promise<string>;
  /** What lies on the clipboard. */
  clipboard(): Promise<string>;
}

export interface EitherOptions {
  readonly tlsPort?: number;
  readonly extension?: string;
  readonly beside?: readonly string[];
  /** Names that lead straight to this computer, on every port: what a rebound name does. */
  readonly loopbackNames?: readonly string[];
  /** Everything it asks goes through a proxy that notes whom. */
  readonly watched?: boolean;
}

export const openEither = async (name: BrowserName, options: EitherOptions): Promise<EitherBrowser> =>
  name === "Chromium"
    ? eitherOfChromium(await openBrowser({ tlsPort: 0, ...options }))
    : eitherOfFirefox(await openFirefox(options));

/** What both drivers call by the same names. */
interface AnyPage {
  evaluate(expression: string): Promise<unknown>;
  waitForResponse(match: (response: { url(): string }) => boolean): Promise<unknown>;
  bringToFront(): Promise<void>;
  url(): string;
  close(): Promise<void>;
}

const tailOf = (page: AnyPage): Omit<Tab, "screen" | "goto" | "gotoStandIn"> => ({
  evaluate: (expression) => page.evaluate(expression),
  answerFrom: (url) => page.waitForResponse((response) => response.url() === url),
  toFront: () => page.bringToFront(),
  url: () => page.url(),
  [Symbol.asyncDispose]: () => page.close(),
});

export function eitherOfChromium(browser: Browser): EitherBrowser {
  const tabOf = (page: Awaited<ReturnType<Browser["newScreen"]>>): Tab => ({
    screen: page,
    goto: (url) => page.goto(url),
    async gotoStandIn(url, html) {
      await page.route(url, (route) => route.fulfill({ contentType: "text/html", body: html }), { times: 1 });
      await page.goto(url);
    },
    ...tailOf(page),
  });
  return {
    profile: browser.profile,
    hosts: browser.hosts,
    async newTab(early) {
      const page = await browser.newScreen();
      if (early !== undefined) await page.addInitScript(early);
      return tabOf(page);
    },
    async openExtensionPage(path, extension) {
      const ours = `chrome-extension://${await browser.extensionId()}`;
      const page = await browser.newScreen();
      await page.goto(`${extension === undefined ? ours : await browser.originOf(extension)}/${path}`);
      return tabOf(page);
    },
    originOf: (extension) => browser.originOf(extension),
    clipboard: () => browser.clipboard(),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

export function eitherOfFirefox(browser: Firefox): EitherBrowser {
  const tabOf = (screen: Awaited<ReturnType<Firefox["newScreen"]>>): Tab => {
    const { page } = screen;
    return {
      screen,
      goto: (url) => page.goto(url),
      async gotoStandIn(url, html) {
        await page.setRequestInterception(true);
        page.on("request", (request) => {
          const answer = { status: 200, contentType: "text/html", body: html };
          void (request.url() === url ? request.respond(answer) : request.continue());
        });
        await page.goto(url);
        page.removeAllListeners("request");
        await page.setRequestInterception(false);
      },
      ...tailOf(page),
    };
  };
  return {
    profile: browser.profile,
    hosts: browser.hosts,
    async newTab(early) {
      const screen = await browser.newScreen();
      if (early !== undefined) await screen.page.evaluateOnNewDocument(early);
      return tabOf(screen);
    },
    openExtensionPage: async (path, extension) => tabOf(await browser.openExtensionPage(path, extension)),
    originOf: (extension) => browser.originOf(extension),
    clipboard: () => browser.clipboard(),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
