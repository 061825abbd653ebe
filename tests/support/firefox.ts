import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import puppeteer, { type Page, type Browser as PuppeteerBrowser } from "puppeteer-core";
import { LAUNCH_TIMEOUT_MS, SIMULATED_HOSTS } from "./browser.ts";
import { type FirefoxScreen, firefoxScreen } from "./firefox-screen.ts";
import { type NameProxy, startNameProxy } from "./name-proxy.ts";

const LOOK_AGAIN_MS = 25;

export const FIREFOX = "/usr/bin/firefox-esr";

export interface FirefoxOptions {
  /** TLS port of the simulator on loopback. Without it, this browser reaches nothing but this computer. */
  readonly tlsPort?: number;
  /** The built extension, unpacked; none for a plain browser. */
  readonly extension?: string;
  /** More unpacked extensions, to stand beside ours. */
  readonly beside?: readonly string[];
  /** Names that lead straight to this computer, on every port: what a rebound name does. */
  readonly loopbackNames?: readonly string[];
  /** After so long without an event the background is stopped; Firefox's own measure is 30 s. */
  readonly backgroundIdleMs?: number;
  /** Its user says yes to whatever an extension asks for from a press; without it the question stands there for ever. */
  readonly saysYes?: boolean;
  /** Its user's home: where it looks for what the company has laid down for an extension. */
  readonly home?: string;
  readonly headed?: boolean;
  readonly colorScheme?: "light" | "dark";
  /** Also what goes to this computer is noted in `hosts`. */
  readonly watched?: boolean;
}

export interface Firefox {
  readonly browser: PuppeteerBrowser;
  /** The folder in which this browser keeps everything. */
  readonly profile: string;
  /** Hosts that were asked for over the network, by whatever part of the browser. */
  readonly hosts: ReadonlySet<string>;
  /** `moz-extension://<uuid>` of the extension in this folder. */
  originOf(extension: string): Promise<string>;
  newScreen(): Promise<FirefoxScreen>;
  /** Every tab that is open. */
  screens(): Promise<readonly FirefoxScreen[]>;
  /** A page of our extension, or of the one in this folder, in a tab of its own. */
  openExtensionPage(path: string, extension?: string): Promise<FirefoxScreen>;
  /** The extension's popup as a page of its own. */
  openPopup(): Promise<FirefoxScreen>;
  /** What lies on the clipboard, read the way a person does: by pasting. */
  clipboard(): Promise<string>;
  /** End the background's page as Firefox itself does with one that is idle. */
  stopBackground(): Promise<void>;
  /** Whether an expression is true in the browser's own window, where address bar and sidebar are. @throws when it throws. */
  inItsWindow(expression: string): Promise<boolean>;
  forgetCookies(): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A real Firefox with a fresh profile, in which the simulator stands where AWS and JumpCloud would.
 *
 * The extension is the shipped build, installed for the time of the session as `about:debugging` does it. Firefox grants
 * the manifest's host permissions with the installation; they stay the user's to take back.
 */
export async function openFirefox(options: FirefoxOptions = {}): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), "jcfetch-firefox-"));
  const proxy = await startNameProxy(
    options.tlsPort === undefined ? [] : SIMULATED_HOSTS,
    options.tlsPort ?? 0,
  );
  const extensions = [
    ...(options.extension === undefined ? [] : [options.extension]),
    ...(options.beside ?? []),
  ];
  const uuids = Object.fromEntries(
    await Promise.all(extensions.map(async (dir) => [await geckoId(dir), randomUUID()])),
  );
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    headless: !options.headed,
    timeout: LAUNCH_TIMEOUT_MS,
    acceptInsecureCerts: true,
    userDataDir: profile,
    // Whoever opened it closes it, after all that hangs on it.
    handleSIGINT: false,
    handleSIGTERM: false,
    defaultViewport: options.headed ? null : { width: 1280, height: 900 },
    // Without it WebDriver may not look at an extension's pages.
    args: ["--remote-allow-system-access"],
    ...(options.home === undefined ? {} : { env: { ...process.env, HOME: options.home } }),
    extraPrefsFirefox: preferences(proxy, uuids, options),
  });
  const firefox = new RealFirefox({ browser, profile, proxy, uuids, extension: options.extension });
  try {
    for (const extension of extensions) await browser.installExtension(extension);
    return firefox;
  } catch (error) {
    await firefox.close();
    throw error;
  }
}

/** The id that a manifest for Firefox names. */
async function geckoId(extension: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(extension, "manifest.json"), "utf8")) as {
    browser_specific_settings: { gecko: { id: string } };
  };
  return manifest.browser_specific_settings.gecko.id;
}

function preferences(
  { port }: NameProxy,
  uuids: object,
  {
    loopbackNames = [],
    saysYes = false,
    backgroundIdleMs,
    colorScheme = "light",
    watched = false,
  }: FirefoxOptions,
): Record<string, unknown> {
  const names = loopbackNames.join(",");
  return {
    ...(backgroundIdleMs === undefined ? {} : { "extensions.background.idle.timeout": backgroundIdleMs }),
    "extensions.webextOptionalPermissionPrompts": !saysYes,
    // Everything but this computer goes through the proxy, and nothing around it.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": port,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": port,
    "network.proxy.failover_direct": false,
    "network.proxy.no_proxies_on": names,
    "network.proxy.allow_hijacking_localhost": watched,
    "network.dns.localDomains": names,
    "network.trr.mode": 5,
    "layout.css.prefers-color-scheme.content-override": colorScheme === "dark" ? 0 : 1,
    // An address for each extension that is known before it is installed.
    "extensions.webextensions.uuids": JSON.stringify(uuids),
  };
}

interface Parts {
  readonly browser: PuppeteerBrowser;
  readonly profile: string;
  readonly proxy: NameProxy;
  readonly uuids: Readonly<Record<string, string>>;
  readonly extension: string | undefined;
}

class RealFirefox implements Firefox {
  readonly browser: PuppeteerBrowser;
  readonly profile: string;
  readonly hosts: ReadonlySet<string>;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.browser = parts.browser;
    this.profile = parts.profile;
    this.hosts = parts.proxy.hosts;
    this.#parts = parts;
  }

  async originOf(extension: string): Promise<string> {
    return `moz-extension://${this.#parts.uuids[await geckoId(extension)]}`;
  }

  async newScreen(): Promise<FirefoxScreen> {
    return firefoxScreen(await this.browser.newPage());
  }

  async screens(): Promise<readonly FirefoxScreen[]> {
    return (await this.browser.pages()).map(firefoxScreen);
  }

  async openExtensionPage(path: string, extension = this.#parts.extension): Promise<FirefoxScreen> {
    if (extension === undefined) throw new Error("this browser has no extension");
    const page = await this.browser.newPage();
    await goToExtensionPage(page, `${await this.originOf(extension)}/${path}`);
    return firefoxScreen(page);
  }

  async openPopup(): Promise<FirefoxScreen> {
    const popup = await this.openExtensionPage("popup.html");
    await popup.page.setViewport({ width: 400, height: 560 });
    return popup;
  }

  async clipboard(): Promise<string> {
    const page = await this.browser.newPage();
    try {
      await page.goto("data:text/html,<textarea autofocus></textarea>");
      await page.focus("textarea");
      await page.keyboard.down("Control");
      await page.keyboard.press("v");
      await page.keyboard.up("Control");
      return await page.$eval("textarea", (field) => field.value);
    } finally {
      await page.close();
    }
  }

  async stopBackground(): Promise<void> {
    if (this.#parts.extension === undefined) throw new Error("this browser has no extension");
    const id = JSON.stringify(await geckoId(this.#parts.extension));
    // Firefox lets it finish what it has been asked, too.
    const stop = `(async () => {
      const { extension } = WebExtensionPolicy.getByID(${id});
      if (extension.backgroundContext?.pendingRunListenerPromisesCount > 0) return false;
      await extension.terminateBackground({ ignoreDevToolsAttached: true });
      return extension.backgroundState === "stopped";
    })()`;
    while (!(await inTheBrowserItself(this.browser, stop))) await after(LOOK_AGAIN_MS);
  }

  inItsWindow(expression: string): Promise<boolean> {
    return inTheBrowserItself(this.browser, expression);
  }

  async forgetCookies(): Promise<void> {
    await wireOf(this.browser).send("storage.deleteCookies", {});
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#parts.proxy.close();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** `page.goto` waits in vain: the page moves to the extensions' process, and its driver's frame with it. */
async function goToExtensionPage(page: Page, url: string): Promise<void> {
  const frame = page.mainFrame() as unknown as {
    browsingContext: { navigate(url: string, wait: "interactive"): Promise<unknown> };
  };
  await frame.browsingContext.navigate(url, "interactive");
}

/** The part of puppeteer's connection to Firefox that is needed here. */
interface Wire {
  send(method: string, parameters: object): Promise<{ result: never }>;
}

const wireOf = (browser: PuppeteerBrowser): Wire => (browser as unknown as { connection: Wire }).connection;

/** Whether an expression is true in the browser's own window, where its inner parts are within reach. @throws when it throws. */
async function inTheBrowserItself(browser: PuppeteerBrowser, expression: string): Promise<boolean> {
  const wire = wireOf(browser);
  const tree = await wire.send("browsingContext.getTree", { maxDepth: 0, "moz:scope": "chrome" });
  const [window] = (tree.result as { contexts: { context: string }[] }).contexts;
  const done = await wire.send("script.evaluate", {
    ...{ expression, awaitPromise: true },
    target: { context: window!.context },
  });
  const { type, exceptionDetails, result } = done.result as {
    type: string;
    exceptionDetails?: { text: string };
    result?: { value?: unknown };
  };
  if (type !== "success") throw new Error(`in the browser itself: ${exceptionDetails?.text}`);
  return result?.value === true;
}
