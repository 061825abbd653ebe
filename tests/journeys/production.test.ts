import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { environmentOf, type Journey, startJourney } from "../support/journey.ts";
import { copyButton, openAccount, press, waitForButton } from "../support/person.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});
afterAll(() => journey.close());

/** The popup, on whichever page of ours it stands: a person has it open at most once. */
async function popupOf(page: Page): Promise<Page> {
  const popup = await journey.browser.openPopup();
  await page.bringToFront();
  return popup;
}

it("[PB3] a production role is copied only when the popup's question is answered with a held press", async () => {
  const { sim, browser } = journey;
  const found = sim.world.directory("acme").spec.accounts.find(({ name }) => / prod \d/.test(name ?? ""))!;
  const role = found.roles[0]!.name;
  const page = await journey.signedIn();
  await openAccount(page, found.id);
  const button = copyButton(page, found.id, role);
  await button.waitFor();
  const popup = await popupOf(page);
  const card = popup.getByRole("alertdialog", { name: "Copy production credentials?" });

  await press(page, button);
  expect(await waitForButton(page, /is production/)).toContain(`${role} in ${found.id}`);
  await card.waitFor();
  expect(await card.textContent()).toContain(found.name);
  await popup.bringToFront();
  await card.getByRole("button", { name: "Do not copy" }).click();
  await card.waitFor({ state: "detached" });
  expect(sim.world.credentials.all).toEqual([]);
  expect(await browser.clipboard()).toBe("");

  await page.bringToFront();
  await press(page, button);
  await card.waitFor();
  await popup.bringToFront();
  const box = (await card.getByRole("button", { name: "Hold to copy" }).boundingBox())!;
  await popup.mouse.move(box.x + 20, box.y + box.height / 2);
  await popup.mouse.down();
  await card.waitFor({ state: "detached" });
  await popup.mouse.up();
  expect(sim.world.credentials.all).toHaveLength(1);
  const env = environmentOf(await browser.clipboard());
  const args = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
  expect((await journey.aws(args, env)).stdout).toContain(
    `::${found.id}:assumed-role/AWSReservedSSO_${role}_`,
  );
});
