import { expect } from "vitest";
import { environmentOf, STORAGE } from "../../support/journey.ts";
import type { Walk } from "./walk.ts";

const ROLE = "ReadOnly";

/** Search, copy and open the console without touching the mouse. */
export async function byKeyboard(walk: Walk): Promise<void> {
  const { browser, journey } = walk;
  const popup = await walk.popup();
  await walk.step("search", popup, async () => {
    await popup.bringToFront();
    await walk.search(popup, ROLE);
  });
  await walk.step("copy", popup, async () => {
    await popup.keyboard.press("Control+Shift+C");
    await popup.getByRole("menu").waitFor();
    await popup.keyboard.press("Home");
    await popup.keyboard.press("Enter");
    await popup.getByText(`Copied ${ROLE} in Storage`).waitFor();
  });
  const whoAmI = ["sts", "get-caller-identity", "--output", "text"];
  const identity = await journey.aws(whoAmI, environmentOf(await browser.clipboard()));
  expect(identity.stdout, identity.stderr).toContain(`AWSReservedSSO_${ROLE}_`);

  await walk.step("clear the clipboard", popup, async () => {
    const clear = popup.getByRole("button", { name: "Clear now" });
    await clear.evaluate(async (button) => (button as HTMLElement).focus(), 0);
    await popup.keyboard.press("Enter");
    await expect.poll(async () => (await browser.clipboard()).trim()).toBe("");
  });

  const before = (await journey.browser.screens()).map((screen) => screen.url());
  const console = /^https:\/\/([\w-]+\.)*console\.aws\.amazon\.com\//;
  expect(before.filter((url) => console.test(url))).toEqual([]);
  await walk.step("open the console", popup, async () => {
    await popup.bringToFront();
    // The popup closes at the key, perhaps before the key is up again.
    await popup.keyboard.press("Enter").catch(() => undefined);
    const opened = async () => (await journey.browser.screens()).find((screen) => console.test(screen.url()));
    await expect.poll(opened, { timeout: 60_000 }).toBeDefined();
    const text = (await (await opened())!.locator("body").textContent()) ?? "";
    expect(text).toContain(ROLE);
    expect(text.replaceAll("-", "")).toContain(STORAGE);
  });
}
