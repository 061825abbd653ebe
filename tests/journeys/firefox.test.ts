import { describe, expect, it } from "vitest";
import { environmentOf, STORAGE, startFirefoxJourney } from "../support/journey.ts";
import { copyButton, openAccount, press, revoke } from "../support/person.ts";

const S3_ADMIN = [{ search: STORAGE, role: "S3Admin" }];
const ARN = /^arn:aws:sts::999999999999:assumed-role\/AWSReservedSSO_S3Admin_/;

describe("in Firefox", () => {
  it("[EX4] [EX7] the button in the portal puts credentials on the clipboard that AWS accepts", async () => {
    await using journey = await startFirefoxJourney();
    const page = await journey.signedIn();
    await openAccount(page, STORAGE);
    const button = copyButton(page, STORAGE, "S3Admin");
    await button.waitFor();
    await press(page, button);
    await expect
      .poll(() => journey.browser.clipboard(), { timeout: 20_000 })
      .toMatch(/^export AWS_ACCESS_KEY_ID="ASIA/);

    const whoAmI = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
    const identity = await journey.aws(whoAmI, environmentOf(await journey.browser.clipboard()));
    expect(identity.stdout, identity.stderr).toMatch(ARN);
  });

  it("[CR1] [CL2] a terminal gets credentials that AWS accepts, until it is removed in the popup", async () => {
    await using journey = await startFirefoxJourney();
    const { terminal } = journey;
    await journey.signedIn();
    const popup = await journey.enrolledPopup();
    await popup.getByText("acme").first().waitFor();
    expect(await journey.paired(popup, S3_ADMIN)).toMatchObject({ code: 0, stdout: "" });

    const flags = ["--account", STORAGE, "--role", "S3Admin", "--region", "us-east-1"];
    expect(await terminal.run("configure", "--profile", "s3", ...flags)).toMatchObject({ code: 0 });
    const fetched = await terminal.run("--profile", "s3");
    expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccountId: STORAGE });
    const listed = await journey.aws(["s3", "ls", "--profile", "s3"]);
    expect(listed.stdout, listed.stderr).toContain("storage-archive");

    await revoke(popup, "here");
    const refused = await terminal.run("--profile", "s3");
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("[revoked, exit 3");
  });
});
