import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { startSim } from "../sim/start.ts";
import { openFirefox } from "../support/firefox.ts";
import type { FirefoxScreen } from "../support/firefox-screen.ts";
import { ACME, STORAGE } from "../support/journey.ts";
import { copyButton, openAccount, press, signIn } from "../support/person.ts";

/** The shipped extension, which may reach nothing, and a user who says yes to what it asks for from a press. */
async function fresh() {
  const { path: extension } = await ensureBuilt("extension-firefox");
  const closing = new AsyncDisposableStack();
  const sim = closing.use(await startSim());
  const browser = closing.use(await openFirefox({ tlsPort: sim.tlsPort, extension, saysYes: true }));
  return { sim, browser, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

const granted = (page: FirefoxScreen): Promise<string[]> =>
  page.page.evaluate("browser.permissions.getAll().then(({ origins }) => origins.sort())") as Promise<
    string[]
  >;

/** Paths of the extension's pages that are open in tabs, whoever opened them; the driver does not see those that opened by themselves. */
const tabsOf = (page: FirefoxScreen): Promise<string[]> =>
  page.page.evaluate(
    "browser.extension.getViews({ type: 'tab' }).map(({ location }) => location.pathname)",
  ) as Promise<string[]>;

describe("the shipped extension, in Firefox", () => {
  it("[PM1] [PM2] [PM4] [PM5] [PM6] reaches nothing until the user allows it, host by host, and nothing once they take it back", async () => {
    await using world = await fresh();
    const { sim, browser } = world;
    const settings = await browser.openExtensionPage("options.html");
    await expect.poll(() => tabsOf(settings)).toContain("/welcome.html");
    const welcome = await browser.openExtensionPage("welcome.html");
    expect(await granted(welcome)).toEqual([]);

    // What was open before the grant gets its buttons with it.
    const page = await browser.newScreen();
    await signIn(page, { sim, user: "ana", startUrl: ACME });
    await openAccount(page, STORAGE);
    expect(await copyButton(page, STORAGE, "S3Admin").count()).toBe(0);

    await welcome.page.bringToFront();
    await welcome.getByLabel("Address of your access portal").fill(ACME);
    await welcome.getByText("This is the portal “acme”").waitFor();
    await welcome.getByRole("button", { name: "Continue" }).click();
    await welcome.getByRole("button", { name: "Allow" }).click();
    await welcome.getByText("jcfetch may use acme.").waitFor();
    expect(await granted(welcome)).toEqual([
      "https://acme.awsapps.com/*",
      "https://portal.sso.us-east-1.amazonaws.com/*",
    ]);
    await welcome.getByText("You are signed in until").waitFor();

    await page.page.bringToFront();
    await press(page, copyButton(page, STORAGE, "S3Admin"));
    await expect.poll(() => browser.clipboard()).toContain("AWS_ACCESS_KEY_ID");

    await settings.bringToFront();
    await settings.getByRole("button", { name: "Remove https://acme.awsapps.com" }).click();
    await expect.poll(() => granted(settings)).toEqual(["https://portal.sso.us-east-1.amazonaws.com/*"]);
    const popup = await browser.openPopup();
    await popup.getByText("Let jcfetch use acme (us-east-1)?").waitFor();
    await page.page.bringToFront();
    await signIn(page, { sim, user: "ana", startUrl: ACME });
    await openAccount(page, STORAGE);
    expect(await copyButton(page, STORAGE, "S3Admin").count()).toBe(0);
  });
});

describe("what a company lays down, in Firefox", () => {
  it("[MP1] [MP2] reaches the extension through the browser's own managed storage", async () => {
    const home = await mkdtemp(join(tmpdir(), "jcfetch-home-"));
    await using closing = new AsyncDisposableStack();
    closing.defer(() => rm(home, { recursive: true, force: true, maxRetries: 10 }));
    const name = "jcfetch@jcfetch.dev";
    const data = { portals: ["https://globex.awsapps.com/start/#/"], formats: ["sh", "tattoo"] };
    const folder = join(home, ".mozilla/managed-storage");
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, `${name}.json`),
      JSON.stringify({ name, description: "jcfetch", type: "storage", data }),
    );

    const { path: extension } = await ensureBuilt("extension-firefox");
    const browser = closing.use(await openFirefox({ extension, home }));
    const settings = await browser.openExtensionPage("options.html");
    await settings.getByText("Only these access portals: https://globex.awsapps.com/start").waitFor();
    await settings.getByText("so the strictest holds: formats").waitFor();
    const popup = await browser.openPopup();
    await popup.getByText("Let jcfetch use globex").waitFor();
  });
});
