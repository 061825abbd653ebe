import { describe, expect, it } from "vitest";
import type { FirefoxScreen } from "../support/firefox-screen.ts";
import { environmentOf, STORAGE, startFirefoxJourney } from "../support/journey.ts";
import { copyButton, openAccount, pair, press, revoke } from "../support/person.ts";

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
      .poll(() => journey.browser.clipboard(), { timeout: 60_000 })
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

  it("[PA1] [EV1] a background that was stopped meanwhile goes on where it was, at every step", async () => {
    await using journey = await startFirefoxJourney({ backgroundIdleMs: 1_000 });
    const { terminal } = journey;
    await journey.signedIn();
    const popup = await journey.enrolledPopup();
    const running = terminal.jcfetch("pair");
    const slept: string[] = [];
    await pair(popup, running, {
      roles: S3_ADMIN,
      name: "here",
      async onStep(step) {
        await backgroundStopped(popup);
        slept.push(step);
      },
    });
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(slept).toEqual(["code", "words", "choose", "review", "done"]);

    const flags = ["--account", STORAGE, "--role", "S3Admin", "--region", "us-east-1"];
    await terminal.run("configure", "--profile", "s3", ...flags);
    expect(JSON.parse((await terminal.run("--profile", "s3")).stdout)).toMatchObject({ Version: 1 });
    await backgroundStopped(popup);
    await revoke(popup, "here");
    expect(await terminal.run("--profile", "s3")).toMatchObject({ code: 3, stdout: "" });
  });
});

/** The background's page is gone, as Firefox does with one that is idle; the next event makes a new one. */
const backgroundStopped = ({ page }: FirefoxScreen): Promise<void> =>
  expect.poll(() => page.evaluate(VIEWS), { timeout: 30_000 }).toEqual(["/popup.html"]);

/** Pages of the extension that are alive. */
const VIEWS = "browser.extension.getViews().map((view) => view.location.pathname)";
