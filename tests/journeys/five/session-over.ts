import { expect } from "vitest";
import { STORAGE } from "../../support/journey.ts";
import type { Walk } from "./walk.ts";

const ROLE = "ReadOnly";

/** The portal's session ends, the user signs in again, and copies what was wanted. */
export async function sessionOver(walk: Walk): Promise<void> {
  const { browser, journey } = walk;
  const popup = await walk.popup();
  const row = popup.locator(`[role=option][data-account="${STORAGE}"][data-role="${ROLE}"]`);
  await walk.step("search", popup, async () => {
    await popup.bringToFront();
    await popup.keyboard.type(`${STORAGE} ${ROLE}`);
    await row.waitFor();
  });
  for (const session of journey.sim.world.sessions.all) session.revoked = true;
  const before = await browser.clipboard();
  const signIn = popup.getByRole("button", { name: "Sign in" }).first();
  await walk.step("copy in vain", popup, async () => {
    await popup.bringToFront();
    await popup.keyboard.press("Control+c");
    await signIn.waitFor();
  });
  expect(await browser.clipboard()).toBe(before);
  await walk.step("sign in again", popup, async () => {
    await signIn.click();
    await expect
      .poll(() => journey.sim.world.sessions.all.some((session) => !session.revoked), { timeout: 60_000 })
      .toBe(true);
  });
  const after = await journey.browser.openPopup();
  await walk.step("copy", after, async () => {
    await after.getByText("All · 307 accounts").waitFor();
    await after.bringToFront();
    await after.keyboard.type(`${STORAGE} ${ROLE}`);
    await after.locator(`[role=option][data-account="${STORAGE}"][data-role="${ROLE}"]`).waitFor();
    await after.keyboard.press("Control+c");
    await after.getByText(`Copied ${ROLE} in Storage`).waitFor();
  });
  const given = journey.sim.world.credentials.all.at(-1)!;
  expect([given.accountId, given.role.name]).toEqual([STORAGE, ROLE]);
  expect(await browser.clipboard()).toContain(given.secretAccessKey);
}
