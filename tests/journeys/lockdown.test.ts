import { expect, it } from "vitest";
import { STORAGE, startJourney } from "../support/journey.ts";

const S3_ADMIN = [{ search: STORAGE, role: "S3Admin" }];
const WANT = `${STORAGE}/S3Admin`;

it("[RV2] [RV4] [AU4] one press locks every terminal, the list of activity shows it, and another unlocks them", async () => {
  await using journey = await startJourney();
  const { terminal } = journey;
  await journey.signedIn();
  const popup = await journey.enrolledPopup();
  await journey.paired(popup, S3_ADMIN);
  expect(await terminal.run("process", WANT)).toMatchObject({ code: 0 });

  await popup.getByRole("button", { name: "Lock all terminals" }).click();
  await popup.getByRole("button", { name: "Lock all" }).click();
  await popup.getByText("All terminals are locked").first().waitFor();
  const locked = await terminal.run("process", WANT);
  expect(locked).toMatchObject({ code: 4, stdout: "" });
  expect(locked.stderr).toContain("[locked, exit 4");

  await popup.getByRole("button", { name: "Activity" }).click();
  const deeds = popup.getByRole("list", { name: "What happened, newest first" });
  await deeds.waitFor();
  const text = (await deeds.textContent()) ?? "";
  expect(text).toContain("The list of removed and locked terminals changed");
  expect(text).toContain("here asked for credentials");
  expect(text).toContain("here was paired");

  await popup.getByRole("button", { name: "Back" }).click();
  await popup.getByRole("button", { name: "Unlock" }).click();
  await popup.getByText("The lock is lifted").waitFor();
  await expect.poll(async () => (await terminal.run("process", WANT)).code, { timeout: 60_000 }).toBe(0);
});
