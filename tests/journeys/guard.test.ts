import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, STORAGE, startJourney } from "../support/journey.ts";
import { findRole } from "../support/person.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
  await journey.signedIn();
});
afterAll(() => journey.close());

const COPIED = /^export AWS_ACCESS_KEY_ID=/;

async function copied(): Promise<Page> {
  const popup = await journey.browser.openPopup();
  await popup.getByText("All · 307 accounts").waitFor();
  await findRole(popup, STORAGE, "S3Admin");
  await popup.keyboard.press("Control+c");
  await popup.getByText(/The clipboard clears in 60 seconds/).waitFor();
  expect(await journey.browser.clipboard()).toMatch(COPIED);
  return popup;
}

/** What the popup's page can do is what the background can; its alarms are the background's. */
const inExtension = (popup: Page, work: string): Promise<unknown> => popup.evaluate(work);

describe("what was copied, in Chromium", () => {
  it("[CB4] is cleared from the system's clipboard by one press", async () => {
    const popup = await copied();
    await popup.getByRole("button", { name: "Clear now" }).click();
    await popup.getByText("The clipboard was cleared.").waitFor();
    await expect.poll(() => journey.browser.clipboard(), { timeout: 30_000 }).toBe(" ");
  });

  it("[CB1] is cleared by the alarm, though the background was stopped meanwhile", async () => {
    const popup = await copied();
    const alarm = await inExtension(popup, `chrome.alarms.get("clipboard")`);
    expect(alarm).toMatchObject({ scheduledTime: expect.any(Number) });
    // The minute is over: what the clock would do is done to what is written down, and the alarm comes now.
    await inExtension(
      popup,
      `chrome.storage.session.get("clip").then(({ clip }) =>
        chrome.storage.session.set({ clip: { ...clip, clearsAtMs: Date.now() - 1 } }))`,
    );
    await journey.browser.stopBackground();
    await inExtension(popup, `chrome.alarms.create("clipboard", { when: Date.now() })`);
    await expect.poll(() => journey.browser.clipboard(), { timeout: 60_000 }).toBe(" ");
  });

  it("[LK3] [LK4] is cleared by the lock, behind which the popup has one button", async () => {
    const popup = await copied();
    const settings = await journey.browser.newScreen();
    await settings.goto(`chrome-extension://${await journey.browser.extensionId()}/options.html`);
    await settings.getByRole("button", { name: "Lock now" }).click();
    await popup.getByText("jcfetch is locked").waitFor();
    await expect.poll(() => popup.getByRole("button").allInnerTexts()).toEqual(["Unlock"]);
    await expect.poll(() => journey.browser.clipboard(), { timeout: 30_000 }).toBe(" ");
    await popup.getByRole("button", { name: "Unlock" }).click();
    await popup.locator(`[role=option][data-account="${STORAGE}"]`).first().waitFor();
  });
});
