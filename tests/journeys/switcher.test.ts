import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, STORAGE, startJourney } from "../support/journey.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});
afterAll(() => journey.close());

/** The list with the cursor on S3Admin; its account is opened, so that nobody waits for the whole reading. */
async function onS3Admin(page: Page): Promise<void> {
  await page.getByText("All · 307 accounts").waitFor();
  await page.keyboard.type(STORAGE);
  const role = page.locator(`[role=option][data-account="${STORAGE}"][data-role="S3Admin"]`);
  const account = page.locator(`[role=option][data-account="${STORAGE}"].account`);
  await role.or(account).first().waitFor();
  if (await account.isVisible()) await page.keyboard.press("ArrowRight");
  await role.hover();
}

async function panel(): Promise<Page> {
  const page = await journey.browser.newScreen();
  await page.goto(`chrome-extension://${await journey.browser.extensionId()}/sidepanel.html`);
  return page;
}

describe("the role switcher", () => {
  it("[SW14] stands beside the page, and stays when a console opens at a service", async () => {
    await journey.signedIn();
    const beside = await panel();
    await onS3Admin(beside);
    await beside.keyboard.press("Control+k");
    await beside.getByRole("combobox", { name: "Search services" }).waitFor();
    await beside.keyboard.type("buckets");
    const opened = journey.browser.context.waitForEvent("page");
    await beside.keyboard.press("Enter");
    const tab = await opened;
    await tab.waitForURL(/console\.aws\.amazon\.com\/s3/);
    expect(beside.isClosed()).toBe(false);
    await beside.close();
  });

  it("[SW9] goes on with a copy once its user has signed in again", async () => {
    await journey.signedIn();
    const popup = await journey.browser.openPopup();
    await onS3Admin(popup);
    await journey.browser.context.clearCookies();
    await popup.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await popup.keyboard.press("Control+c");
    await popup.getByText("is copied as soon as you are signed in again").waitFor();
    await journey.signedIn();
    await popup.getByText("is copied as soon as you are signed in again").waitFor({ state: "detached" });
    await expect.poll(() => journey.browser.clipboard()).toContain("AWS_SECRET_ACCESS_KEY");
  });
});
