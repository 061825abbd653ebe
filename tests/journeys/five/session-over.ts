import { expect } from "vitest";
import { STORAGE } from "../../support/journey.ts";
import type { Walk } from "./walk.ts";

const ROLE = "ReadOnly";

/** A copy is wanted when the portal's session has ended: the user signs in again, and has it. */
export async function sessionOver(walk: Walk): Promise<void> {
  const { browser, journey } = walk;
  const popup = await walk.popup();
  await walk.step("search", popup, async () => {
    await popup.bringToFront();
    await walk.search(popup, ROLE);
  });
  for (const session of journey.sim.world.sessions.all) session.revoked = true;
  const before = await browser.clipboard();
  const given = journey.sim.world.credentials.all.length;
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
  // Nothing is pressed any more: the copy that was asked for goes on by itself.
  const portal = (await journey.browser.screens()).at(-1)!;
  const { credentials } = journey.sim.world;
  const isHeld = async (): Promise<boolean> =>
    credentials.all.length > given &&
    (await browser.clipboard()).includes(credentials.all.at(-1)!.secretAccessKey);
  await walk.step("hold the credentials", portal, () => expect.poll(isHeld, { timeout: 60_000 }).toBe(true));
  const { accountId, role } = credentials.all.at(-1)!;
  expect([accountId, role.name]).toEqual([STORAGE, ROLE]);
}
