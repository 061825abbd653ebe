/**
 * `npm run store-shots`: pictures for the stores, 1280 × 800, of the real extension in the simulated world; in `artifacts/store/pictures`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { STORAGE, startJourney } from "../tests/support/journey.ts";
import { openAccount } from "../tests/support/person.ts";
import { ROOT } from "./lib/process.ts";
import { say } from "./lib/report.ts";
import { STORE } from "./zip.ts";

const SIZE = { width: 1_280, height: 800 };
const folder = join(ROOT, STORE, "pictures");
mkdirSync(folder, { recursive: true });

await using journey = await startJourney({ colorScheme: "light" });
const { browser } = journey;

async function keep(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, name) });
  say(`${STORE}/pictures/${name}`);
}

/** The popup is smaller than a picture: it stands in the middle of one, drawn once more on a plain ground. */
async function keepPopup(popup: Page, name: string): Promise<void> {
  await popup.setViewportSize({ width: 400, height: 560 });
  const picture = (await popup.screenshot()).toString("base64");
  const frame = await browser.newScreen();
  await frame.setViewportSize(SIZE);
  await frame.setContent(
    `<body style="margin:0;height:800px;display:grid;place-items:center;background:#eeeefc"><img alt="" style="width:500px;border-radius:12px;box-shadow:0 8px 40px #0003" src="data:image/png;base64,${picture}">`,
  );
  await frame.locator("img").waitFor();
  await keep(frame, name);
  await frame.close();
}

const portal = await journey.signedIn();
await portal.setViewportSize(SIZE);
await openAccount(portal, STORAGE);
await portal.locator("[data-jcfetch]").first().waitFor();
await keep(portal, "1-portal.png");

const popup = await journey.enrolledPopup();
await journey.paired(popup, [{ search: STORAGE, role: "S3Admin" }]);
await keepPopup(popup, "3-terminals.png");
await popup.reload();
await popup.getByRole("combobox").first().waitFor();
await keepPopup(popup, "2-popup.png");

const welcome = await browser.newScreen();
await welcome.setViewportSize(SIZE);
await welcome.goto(`chrome-extension://${await browser.extensionId()}/welcome.html`);
await welcome.getByRole("heading").first().waitFor();
await keep(welcome, "4-welcome.png");
