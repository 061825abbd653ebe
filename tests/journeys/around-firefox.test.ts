import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { eventually } from "../support/eventually.ts";
import { type Firefox, openFirefox } from "../support/firefox.ts";
import type { FirefoxScreen } from "../support/firefox-screen.ts";
import { GLOBEX } from "../support/journey.ts";
import { signIn } from "../support/person.ts";

/* What stands around the pages in Firefox: sidebar, address bar, containers, and the extension's own reload. */

const PORTAL = new URL(GLOBEX).origin;
const ROLE = { portal: PORTAL, account: "777788889999", role: "ReadOnly" };

let sim: Sim;
let browser: Firefox;

beforeAll(async () => {
  sim = await startSim();
  const { path: extension } = await ensureBuilt("extension-firefox-tested");
  browser = await openFirefox({ tlsPort: sim.tlsPort, extension });
  await signIn(await browser.newScreen(), { sim, user: "ana", startUrl: GLOBEX });
  const popup = await browser.openPopup();
  await popup.getByText("All · 14 accounts").waitFor();
  await eventually(async () =>
    expect(await say(popup, "directory", { portal: PORTAL })).toMatchObject({ complete: true }),
  );
  await popup.close();
});
afterAll(async () => {
  await browser.close();
  await sim.close();
});

/** What a page of the extension is told. */
async function say<T = unknown>({ page }: FirefoxScreen, verb: string, body: object = {}): Promise<T> {
  const message = JSON.stringify({ verb, body });
  const reply = await page.evaluate(`browser.runtime.sendMessage(${message})`);
  const { ok, value, problem } = reply as { ok: boolean; value: T; problem?: { code: string } };
  if (!ok) throw new Error(`${verb}: ${problem?.code}`);
  return value;
}

const CONSOLE = "console.aws.amazon.com";

describe("around the pages, in Firefox", () => {
  it("[SW12] a console opens in its account's container once the user wants that, without any token of ours", async () => {
    const page = await browser.openExtensionPage("icons/live-16.png");
    await say(page, "choices-set", { containers: true });
    await say(page, "open-console", ROLE);
    const named = `browser.contextualIdentities.query({ name: "Globex Core" }).then(([one]) => one?.cookieStoreId)`;
    await expect.poll(() => page.page.evaluate(named)).toMatch(/^firefox-container-/);
    const tabs = `${named}.then((cookieStoreId) => browser.tabs.query({ cookieStoreId })).then((all) => all.length)`;
    await expect.poll(() => page.page.evaluate(tabs)).toBe(1);
    const cookies = `${named}.then((storeId) => browser.cookies.getAll({ storeId, domain: "globex.awsapps.com" }))`;
    const names = ((await page.page.evaluate(cookies)) as { name: string }[]).map(({ name }) => name);
    expect(names).not.toContain("__Host-idc-access-portal-authn");
    await say(page, "choices-set", { containers: false });
    await page.close();
  });

  it("[SW13] the keyword in the address bar finds a role, and opens its console", async () => {
    const page = await browser.openExtensionPage("icons/live-16.png");
    const found = `(async () => {
      gURLBar.focus();
      gURLBar.search("aws Globex Core Admin");
      const { results } = await gURLBar.lastQueryContextPromise;
      return results.some(({ payload }) => JSON.stringify(payload).includes("777788889999"));
    })()`;
    await expect.poll(() => browser.inItsWindow(found)).toBe(true);
    await browser.inItsWindow(`gURLBar.handleCommand(new KeyboardEvent("keydown", { key: "Enter" })), true`);
    await expect.poll(consoles).toContainEqual(expect.stringContaining("Admin"));
    await page.close();
  });

  it("[SW14] the sidebar shows the popup's own list", async () => {
    const page = await browser.openExtensionPage("icons/live-16.png");
    await browser.inItsWindow(`SidebarController.show("jcfetch_jcfetch_dev-sidebar-action")`);
    const sidebars = `browser.extension.getViews({ type: "sidebar" })`;
    const shown = `${sidebars}.map(({ location, document }) => [location.pathname, document.body.innerText])`;
    await expect
      .poll(() => page.page.evaluate(shown))
      .toEqual([["/sidepanel.html", expect.stringContaining("All · 14 accounts")]]);
    await browser.inItsWindow(`SidebarController.hide(), true`);
    await page.close();
  });

  it("[LK1] a lock outlasts the extension's own reload, which is what an update does", async () => {
    const page = await browser.openExtensionPage("icons/live-16.png");
    await page.page.evaluate("browser.storage.session.set({ canary: true })");
    await say(page, "lock-now");
    void page.page.evaluate("browser.runtime.reload()").catch(() => undefined); // it ends before it can answer
    const popup = await opened();
    await popup.getByText("jcfetch is locked").waitFor();
    expect(await popup.page.evaluate("browser.storage.session.get('canary')")).toEqual({});
    await popup.getByRole("button", { name: "Unlock" }).click();
    await popup.getByText("jcfetch is locked").waitFor({ state: "detached" });
    await popup.close();
  });
});

/** What stands in each console that is open. */
const consoles = async (): Promise<(string | null)[]> => {
  const open = (await browser.screens()).filter((screen) => screen.url().includes(CONSOLE));
  return Promise.all(open.map((screen) => screen.locator("body").textContent()));
};

/** The popup of the extension that has come back; until then there is no such page. */
async function opened(): Promise<FirefoxScreen> {
  let popup: FirefoxScreen | undefined;
  await expect
    .poll(async () => {
      popup = await browser.openPopup().catch(() => undefined);
      if ((await popup?.page.evaluate("typeof browser")) === "object") return true;
      await popup?.close();
      return false;
    })
    .toBe(true);
  return popup!;
}
