import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { type Browser, openBrowser } from "../support/browser.ts";
import { ACME, environmentOf, STORAGE } from "../support/journey.ts";
import { copyButton, openAccount, press, signIn } from "../support/person.ts";

/* The page goes on living while the extension is replaced under it, and the other way around. */

let sim: Sim;
let browser: Browser;

beforeAll(async () => {
  sim = await startSim();
  const { path: extension } = await ensureBuilt("extension-chromium-tested");
  browser = await openBrowser({ tlsPort: sim.tlsPort, extension });
  await allowReloading();
});
afterAll(async () => {
  await browser.close();
  await sim.close();
});

const LINK = '[data-testid="federation-link"][href*="role_name="]';

async function openPage(generation: number): Promise<Page> {
  const page = await browser.newScreen();
  await signIn(page, { sim, user: "ana", startUrl: ACME });
  if (generation !== 3) await page.goto(`${ACME}/?generation=${generation}`);
  await openAccount(page, STORAGE);
  return page;
}

interface Watched {
  shift: number;
  /** The most buttons that a row ever had at once. */
  most: number;
}

/** In the page: what moves from now on, and how many buttons stand beside each other. */
const WATCH = `(() => {
  const watched = { shift: 0, most: 0 };
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) watched.shift += value;
  }).observe({ type: "layout-shift" });
  new MutationObserver(() => {
    for (const row of document.querySelectorAll('tr, [data-testid="role-list-item"]'))
      watched.most = Math.max(watched.most, row.querySelectorAll("[data-jcfetch]").length);
  }).observe(document.body, { childList: true, subtree: true });
  globalThis.watched = watched;
})()`;

/** After what is drawn next, so that nothing is still to come. */
const watchedIn = (page: Page): Promise<Watched> =>
  page.evaluate(`new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(watched)))))`);

/** One button beside each role's link, all of them drawn by the script that runs now. */
const fresh = async (page: Page): Promise<boolean> => {
  const [links, buttons, old] = await Promise.all(
    [LINK, "[data-jcfetch]", "[data-of-before]"].map((css) => page.locator(css).count()),
  );
  return links! > 0 && buttons === links && old === 0;
};

async function expectCopy(page: Page): Promise<void> {
  const before = sim.world.credentials.all.length;
  await press(page, copyButton(page, STORAGE, "S3Admin"));
  await expect.poll(() => sim.world.credentials.all.length).toBe(before + 1);
  const { accessKeyId } = sim.world.credentials.all.at(-1)!;
  const copied = async (): Promise<string | undefined> =>
    environmentOf(await browser.clipboard()).AWS_ACCESS_KEY_ID;
  await expect.poll(copied).toBe(accessKeyId);
  await page.bringToFront();
}

/** Chromium takes an unpacked extension up again only for developers. */
async function allowReloading(): Promise<void> {
  const settings = await browser.newScreen();
  await settings.goto("chrome://extensions");
  await settings.evaluate("chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })");
  await settings.close();
}

/** As an update does, or whoever works on the extension. */
async function reloadExtension(): Promise<void> {
  const worker = await browser.serviceWorker();
  const gone = worker.waitForEvent("close");
  // It ends before it can answer.
  void worker.evaluate("chrome.runtime.reload()").catch(() => undefined);
  await gone;
}

describe.each([2, 3])("a page of generation %i", (generation) => {
  it("[PB8] [PB9] gets one new button a row when the extension is reloaded, and nothing moves", async () => {
    const page = await openPage(generation);
    await expect.poll(() => fresh(page)).toBe(true);
    await expectCopy(page);
    await page.evaluate(
      "for (const button of document.querySelectorAll('[data-jcfetch]')) button.dataset.ofBefore = ''",
    );
    await page.evaluate(WATCH);

    await reloadExtension();
    await expect.poll(() => fresh(page)).toBe(true);
    await expectCopy(page);
    await page.locator("[data-jcfetch-account]").first().waitFor({ state: "attached" });
    expect(await watchedIn(page)).toEqual({ shift: 0, most: 1 });

    // What would have moved the page is seen.
    await page.evaluate("document.querySelector('#root').style.paddingTop = '40px'");
    await expect.poll(async () => (await watchedIn(page)).shift).toBeGreaterThan(0);
    await page.close();
  });

  it("[PB8] has one button a row when the user comes back from another of its routes", async () => {
    const page = await openPage(generation);
    await page.evaluate(WATCH);
    for (let round = 0; round < 3; round++) {
      await page.evaluate("location.hash = '#/preferences'");
      await page.getByText("Preferences").waitFor();
      expect(await page.locator("[data-jcfetch]").count()).toBe(0);
      await page.evaluate("location.hash = '#/'");
      await openAccount(page, STORAGE);
      await expect.poll(() => fresh(page)).toBe(true);
    }
    expect((await watchedIn(page)).most).toBe(1);
    await expectCopy(page);
    await page.close();
  });
});

it("[LK1] a lock outlasts the extension's own reload, which is what an update does", async () => {
  const before = await browser.openPopup();
  await before.evaluate(`chrome.storage.session.set({ canary: true })`);
  await before.evaluate(`chrome.runtime.sendMessage({ verb: "lock-now", body: {} })`);
  await reloadExtension();
  await browser.serviceWorker();
  const popup = await browser.openPopup();
  await popup.getByText("jcfetch is locked").waitFor();
  expect(await popup.evaluate(`chrome.storage.session.get("canary")`)).toEqual({});
  await popup.getByRole("button", { name: "Unlock" }).click();
  await popup.getByText("jcfetch is locked").waitFor({ state: "detached" });
  await popup.close();
});
