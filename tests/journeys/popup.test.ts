import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environmentOf, type Journey, STORAGE, startJourney } from "../support/journey.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});
afterAll(() => journey.close());

/** The popup as it is when it opens: focus in the search field. */
async function openedPopup(): Promise<Page> {
  const popup = await journey.browser.openPopup();
  await popup.getByText("All · 307 accounts").waitFor();
  return popup;
}

/** At AWS's pace the roles of 307 accounts take about 17 seconds, and this one is among the last. */
const WHOLE_READING = { timeout: 60_000 };

const row = (popup: Page, role: string) =>
  popup.locator(`[role=option][data-account="${STORAGE}"][data-role="${role}"]`);

describe("the popup", () => {
  it("asks to sign in when nobody is any more, and goes on when somebody is again", async () => {
    // Signed in once, so that the extension knows the portal; before that its popup asks for the address instead.
    await journey.signedIn();
    const popup = await openedPopup();
    await journey.browser.context.clearCookies();
    await popup
      .getByRole("button", { name: /sign in/i })
      .first()
      .waitFor();
    await journey.signedIn();
    await popup.getByText("All · 307 accounts").waitFor();
    await popup.getByRole("button", { name: /^Portal acme, us-east-1, .* left$/ }).waitFor();
  });

  it("[EX4] copies with the keyboard alone, from search to clipboard", async () => {
    await journey.signedIn();
    const popup = await openedPopup();
    await popup.keyboard.type(`${STORAGE} S3Admin`);
    await row(popup, "S3Admin").waitFor(WHOLE_READING);
    await popup.keyboard.press("Control+c");
    await popup.getByText(/Copied S3Admin in Storage/).waitFor();
    const env = environmentOf(await journey.browser.clipboard());
    const identity = await journey.aws(["sts", "get-caller-identity", "--output", "text"], env);
    expect(identity.stdout).toContain("AWSReservedSSO_S3Admin_");
  });

  it("opens the console as the role that Enter is pressed on", async () => {
    await journey.signedIn();
    const popup = await openedPopup();
    await popup.keyboard.type(`${STORAGE} ReadOnly`);
    await row(popup, "ReadOnly").waitFor(WHOLE_READING);
    const opened = journey.browser.context.waitForEvent("page");
    // The popup closes at the key, perhaps before the key is up again.
    const pressed = popup.keyboard.press("Enter").catch(() => undefined);
    const page = await opened;
    await pressed;
    await page.waitForURL(/console\.aws\.amazon\.com/);
    expect(await page.locator("body").innerText()).toMatch(
      /ReadOnly[\s\S]*9999-?9999-?9999|9999-?9999-?9999[\s\S]*ReadOnly/,
    );
  });

  it("asks no host that is not JumpCloud, AWS or the extension itself", async () => {
    await journey.signedIn();
    await openedPopup();
    const strangers = [...journey.browser.hosts].filter(
      (host) =>
        !/(^|\.)(awsapps\.com|amazonaws\.com|aws\.amazon\.com|signin\.aws|jumpcloud\.com)$|^[a-p]{32}$|^$/.test(
          host,
        ),
    );
    expect(strangers).toEqual([]);
    expect(journey.sim.world.unknownCalls).toEqual([]);
  });
});
