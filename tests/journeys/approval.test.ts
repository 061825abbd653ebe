import { describe, expect, it } from "vitest";
import { STORAGE, startJourney } from "../support/journey.ts";
import { answerRequest, digitsOn } from "../support/person.ts";

const S3_ADMIN = [{ search: STORAGE, role: "S3Admin" }];
const MODES = ["relay", "sealed"] as const;

describe.each(MODES)("a role that asks, in %s mode", (mode) => {
  it("[AS1] [AS2] [AS6] is given for the number on the terminal, refused without, and locked after three refusals", async () => {
    await using journey = await startJourney();
    const { terminal } = journey;
    await journey.signedIn();
    const popup = await journey.enrolledPopup();
    const served = [{ role: "S3Admin", way: "asks" }] as const;
    expect(await journey.paired(popup, S3_ADMIN, terminal, { mode, served })).toMatchObject({ code: 0 });
    const fetch = () => terminal.onConsole("process", `${STORAGE}/S3Admin`);

    const approved = fetch();
    const digits = await digitsOn(approved);
    await answerRequest(popup, digits);
    const { code, stderr } = await approved.ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('"AccessKeyId"');
    await popup.getByText("gets S3Admin in").waitFor();

    const other = fetch();
    const shown = await digitsOn(other);
    await answerRequest(popup, shown === "42" ? "43" : "42");
    expect((await other.ended).stderr).toContain("[approval-refused, exit 5");
    for (const word of ["approval-refused, exit 5", "locked, exit 4"]) {
      const refused = fetch();
      await digitsOn(refused);
      await answerRequest(popup);
      expect((await refused.ended).stderr).toContain(`[${word}`);
    }
    const locked = await terminal.run("process", `${STORAGE}/S3Admin`);
    expect(locked).toMatchObject({ stdout: "" });

    await popup.getByRole("button", { name: "Unlock here" }).click();
    await popup.getByText("may ask again").waitFor();
    const again = fetch();
    await answerRequest(popup, await digitsOn(again));
    expect((await again.ended).code).toBe(0);
  });
});
