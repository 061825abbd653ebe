import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page, type Worker } from "playwright-core";
import { type NameProxy, startNameProxy } from "./name-proxy.ts";

export const CHROMIUM = "/usr/bin/chromium";

/** On a slow and busy machine nothing that a person waits for takes longer. */
export const ACTION_TIMEOUT_MS = 60_000;
/** Nor does a browser's start. */
export const LAUNCH_TIMEOUT_MS = 120_000;

/** Hosts of the simulated world. The browser keeps the real names; only their addresses are moved. */
export const SIMULATED_HOSTS = [
  "*.awsapps.com",
  "*.amazonaws.com",
  "*.amazon.com",
  "*.jumpcloud.com",
  "*.signin.aws",
  "*.app.aws",
  "*.amazonaws-us-gov.com",
  "*.awsapps.cn",
  "*.amazonaws.cn",
  "*.amazonaws.com.cn",
  "*.app.amazonwebservices.com.cn",
  "*.amazonaws.eu",
  "*.amazonaws-eusc.eu",
  "*.api.amazonwebservices.eu",
];

export interface BrowserOptions {
  /** TLS port of the simulator on loopback. */
  readonly tlsPort: number;
  /** The built extension, unpacked; none for a plain browser. */
  readonly extension?: string;
  /** More unpacked extensions, to stand beside ours. */
  readonly beside?: readonly string[];
  /** Names that lead straight to this computer, on every port: what a rebound name does. */
  readonly loopbackNames?: readonly string[];
  readonly headed?: boolean;
  readonly colorScheme?: "light" | "dark";
  /** Everything goes through a proxy that notes whom the browser asks, this computer included; without it only pages tell. */
  readonly watched?: boolean;
}

export interface Browser {
  readonly context: BrowserContext;
  /** The folder in which this browser keeps everything. */
  readonly profile: string;
  /** Hosts that were asked for over the network: by whatever part of a watched browser, by the pages of another. */
  readonly hosts: ReadonlySet<string>;
  newScreen(): Promise<Page>;
  /** Every tab that is open. */
  screens(): Promise<readonly Page[]>;
  extensionId(): Promise<string>;
  /** `chrome-extension://<id>` of the extension in this folder. */
  originOf(extension: string): Promise<string>;
  /** The extension's popup as a page of its own. */
  openPopup(): Promise<Page>;
  /** What lies on the clipboard, read the way a person does: by pasting. */
  clipboard(): Promise<string>;
  serviceWorker(): Promise<Worker>;
  /** End the background as Chromium itself does with one that was idle for thirty seconds. */
  stopBackground(): Promise<void>;
  forgetCookies(): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A real Chromium with a fresh profile, in which the simulator stands where AWS and JumpCloud would. */
export async function openBrowser(options: BrowserOptions): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "jcfetch-browser-"));
  await using starting = new AsyncDisposableStack();
  const proxy = options.watched ? await startNameProxy(SIMULATED_HOSTS, options.tlsPort) : undefined;
  if (proxy) starting.defer(() => proxy.close());
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: !options.headed,
    timeout: LAUNCH_TIMEOUT_MS,
    ignoreHTTPSErrors: true,
    // Whoever opened it closes it, after all that hangs on it; playwright would end the process at once.
    handleSIGINT: false,
    handleSIGTERM: false,
    viewport: options.headed ? null : { width: 1280, height: 900 },
    colorScheme: options.colorScheme ?? "light",
    args: flags(options, proxy),
  });
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  const seen = new Set<string>();
  if (!proxy) context.on("request", (request) => seen.add(new URL(request.url()).host));
  const { extension } = options;
  return new RealBrowser({
    ...{ context, profile, extension },
    hosts: proxy?.hosts ?? seen,
    closing: starting.move(),
  });
}

function flags(
  { tlsPort, extension, beside = [], loopbackNames = [], headed }: BrowserOptions,
  proxy: NameProxy | undefined,
): string[] {
  const rules = [
    // Behind the proxy no name needs an address here, so none is to be had.
    ...(proxy ? ["MAP * ~NOTFOUND"] : SIMULATED_HOSTS.map((host) => `MAP ${host}:443 127.0.0.1:${tlsPort}`)),
    ...loopbackNames.map((host) => `MAP ${host} 127.0.0.1`),
  ];
  const extensions = [...(extension === undefined ? [] : [extension]), ...beside].join(",");
  return [
    ...(headed ? [] : ["--headless=new"]),
    "--no-sandbox",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",
    // A name that was rebound stands for a browser that let it through: the broker must not need its help.
    ...(loopbackNames.length > 0 ? ["--disable-features=LocalNetworkAccessChecks"] : []),
    `--host-resolver-rules=${rules.join(", ")}, EXCLUDE 127.0.0.1`,
    ...(proxy ? [`--proxy-server=127.0.0.1:${proxy.port}`, "--proxy-bypass-list=<-loopback>"] : []),
    ...(extensions === ""
      ? []
      : [`--disable-extensions-except=${extensions}`, `--load-extension=${extensions}`]),
  ];
}

/** How Chromium names an unpacked extension: after the manifest's key, or else after the folder. */
async function idOf(extension: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(extension, "manifest.json"), "utf8")) as { key?: string };
  const named = manifest.key === undefined ? Buffer.from(extension) : Buffer.from(manifest.key, "base64");
  const hex = createHash("sha256").update(named).digest("hex").slice(0, 32);
  return hex.replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
}

interface Parts {
  readonly context: BrowserContext;
  readonly profile: string;
  readonly hosts: ReadonlySet<string>;
  readonly extension: string | undefined;
  /** What ends after the browser. */
  readonly closing: AsyncDisposableStack;
}

class RealBrowser implements Browser {
  readonly context: BrowserContext;
  readonly hosts: ReadonlySet<string>;
  readonly profile: string;
  readonly #extension: string | undefined;
  readonly #closing: AsyncDisposableStack;
  #installed: Promise<Worker> | undefined;

  constructor({ context, profile, hosts, extension, closing }: Parts) {
    this.context = context;
    this.profile = profile;
    this.hosts = hosts;
    this.#extension = extension;
    this.#closing = closing;
  }

  async originOf(extension: string): Promise<string> {
    return `chrome-extension://${await idOf(extension)}`;
  }

  async extensionId(): Promise<string> {
    // Its pages answer once it is installed, which its first start shows; later it may sleep.
    this.#installed ??= this.serviceWorker();
    await this.#installed;
    return idOf(this.#extension as string);
  }

  /** Of our extension, as soon as it runs. */
  async serviceWorker(): Promise<Worker> {
    if (this.#extension === undefined) throw new Error("this browser has no extension");
    const id = await idOf(this.#extension);
    const isOurs = (worker: Worker): boolean => new URL(worker.url()).host === id;
    const running = this.context.serviceWorkers().find(isOurs);
    return running ?? this.context.waitForEvent("serviceworker", isOurs);
  }

  async stopBackground(): Promise<void> {
    const page = this.context.pages()[0] ?? (await this.newScreen());
    const session = await this.context.newCDPSession(page);
    const ours = `chrome-extension://${await this.extensionId()}/`;
    // Before it is enabled: then it tells of one that is stopped already.
    const stopped = new Promise<void>((resolve) =>
      session.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
        const isOver = ({ scriptURL, runningStatus }: (typeof versions)[number]): boolean =>
          scriptURL.startsWith(ours) && runningStatus === "stopped";
        if (versions.some(isOver)) resolve();
      }),
    );
    await session.send("ServiceWorker.enable");
    await session.send("ServiceWorker.stopAllWorkers");
    await stopped;
    await session.detach();
  }

  forgetCookies(): Promise<void> {
    return this.context.clearCookies();
  }

  newScreen(): Promise<Page> {
    return this.context.newPage();
  }

  async screens(): Promise<readonly Page[]> {
    return this.context.pages();
  }

  async openPopup(): Promise<Page> {
    const page = await this.context.newPage();
    await page.setViewportSize({ width: 400, height: 560 });
    await page.goto(`chrome-extension://${await this.extensionId()}/popup.html`);
    return page;
  }

  async clipboard(): Promise<string> {
    const page = await this.context.newPage();
    try {
      await page.setContent("<textarea autofocus></textarea>");
      await page.locator("textarea").focus();
      await page.keyboard.press("Control+V");
      return await page.locator("textarea").inputValue();
    } finally {
      await page.close();
    }
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.#closing.disposeAsync();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
