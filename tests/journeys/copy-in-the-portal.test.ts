import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACME, environmentOf, GLOBEX, type Journey, STORAGE, startJourney } from "../support/journey.ts";
import { copyButton, openAccount, press, waitForButton } from "../support/person.ts";

/** In both directories, under the same number. */
const SHARED_SERVICES = "555566667777";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});
afterAll(() => journey.close());

const whoAmI = (env: Record<string, string>) =>
  journey.aws(["sts", "get-caller-identity", "--query", "Arn", "--output", "text"], env);

describe("copying credentials in the access portal", () => {
  it("[FO1] copies in the format that was chosen in the menu, and remembers it", async () => {
    const page = await journey.signedIn();
    await openAccount(page, STORAGE);
    const button = copyButton(page, STORAGE, "S3Admin");
    await button.waitFor();
    await press(page, button, "menu");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await waitForButton(page, /^Copied S3Admin/);
    expect(await journey.browser.clipboard()).toMatch(/^set -gx AWS_ACCESS_KEY_ID "ASIA/);

    await press(page, button, "menu");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await waitForButton(page, /^Copied S3Admin/);
    expect(await journey.browser.clipboard()).toMatch(/^export AWS_ACCESS_KEY_ID="ASIA/);
  });

  it("[EX7] keeps the right role on every row through paging, filtering and closing", async () => {
    const page = await journey.signedIn();
    await page.getByRole("button", { name: "Page 4" }).click();
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid="account-list-cell"]').length === 7,
    );
    const cell = page.locator('[data-testid="account-list-cell"]').last();
    await cell.click();
    const link = page.locator('[data-testid="federation-link"]').first();
    await link.waitFor();
    const wanted = new URLSearchParams((await link.getAttribute("href"))!.split("?")[1]);
    const [account, role] = [wanted.get("account_id")!, wanted.get("role_name")!];

    await openAccount(page, STORAGE);
    await page.getByLabel("Filter accounts by name, ID, or email address").first().fill("");
    await openAccount(page, account);
    await copyButton(page, account, role).waitFor();
    await press(page, copyButton(page, account, role));
    await waitForButton(page, /^Copied/);
    const identity = await whoAmI(environmentOf(await journey.browser.clipboard()));
    expect(identity.stdout).toContain(`::${account}:assumed-role/AWSReservedSSO_${role}_`);
  });

  it("[EX5] works on the list pages of generation 2, in another region, under the other cookie name", async () => {
    const page = await journey.signedIn("ana", GLOBEX);
    await openAccount(page, SHARED_SERVICES);
    const button = copyButton(page, SHARED_SERVICES, "ReadOnly");
    await button.waitFor();
    await press(page, button);
    await waitForButton(page, /^Copied ReadOnly/);
    const identity = await whoAmI(environmentOf(await journey.browser.clipboard()));
    expect(identity.stdout).toMatch(/^arn:aws:sts::555566667777:assumed-role\/AWSReservedSSO_ReadOnly_/);
  });

  it("[EX8] leaves a page it does not recognize alone, and the popup goes on working", async () => {
    const page = await journey.signedIn();
    await page.goto(`${ACME}?generation=1`);
    await page.locator("portal-ui").waitFor();
    const popup = await journey.browser.openPopup();
    const portal = popup.getByRole("button", { name: /^Portal acme/ });
    // Another test may have used the other one. Pressing the one that is shown leads to the sessions.
    if ((await portal.getAttribute("aria-pressed")) === "false") await portal.click();
    await popup.getByText("All · 307 accounts").waitFor();
    expect(await page.locator("[data-jcfetch]").count()).toBe(0);
  });

  it("[CL5] says what is wrong when AWS refuses, and copies nothing", async () => {
    const page = await journey.signedIn();
    await openAccount(page, STORAGE);
    await copyButton(page, STORAGE, "S3Admin").waitFor();
    const before = await journey.browser.clipboard();
    journey.sim.faults.add({ operation: "GetRoleCredentials", kind: "forbidden", times: 10 });
    await press(page, copyButton(page, STORAGE, "S3Admin"));
    expect(await waitForButton(page, /not assigned/)).toContain("→ check the role in the access portal");
    journey.sim.faults.clear();
    expect(await journey.browser.clipboard()).toBe(before);
  });
});
