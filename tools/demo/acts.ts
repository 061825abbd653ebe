import type { Page } from "playwright-core";
import * as person from "../../tests/support/person.ts";
import type { Stage } from "./stage.ts";
import { check, shortenJson, shortenLines } from "./steps.ts";

export const PROFILE = "999999_S3Admin";
const ACCOUNT = "999999999999";
const ROLE = "S3Admin";
const START_URL = "https://acme.awsapps.com/start";
const TERMINAL = "demo";

/** `export NAME="value"` lines as an environment. */
const environmentOf = (lines: string): Record<string, string> =>
  Object.fromEntries(
    [...lines.matchAll(/^export (\w+)="([^"]*)"$/gm)].map(([, name, value]) => [name, value]),
  );

/** A person signs in and copies credentials from the portal's page. */
export async function copyInThePortal({ steps, sim, browser, aws, photograph }: Stage): Promise<void> {
  const portal = await browser.context.newPage();
  await steps.step("sign in at the portal through JumpCloud, password and TOTP", async ({ show }) => {
    await person.signIn(portal, { sim, user: "ana", startUrl: START_URL });
    await person.openAccount(portal, ACCOUNT);
    await person.copyButton(portal, ACCOUNT, ROLE).waitFor();
    show(await photograph(portal, "1-portal"));
  });
  await steps.step(`click copy beside ${ROLE}`, async ({ show }) => {
    await person.press(portal, person.copyButton(portal, ACCOUNT, ROLE));
    show(await person.waitForButton(portal, /^Copied/));
    const copied = await browser.clipboard();
    check(/^export AWS_ACCESS_KEY_ID="ASIA/.test(copied), "the clipboard does not hold credentials");
    show(shortenLines(copied));
    const identity = await aws(["sts", "get-caller-identity", "--output", "text"], environmentOf(copied));
    check(identity.code === 0, `AWS refuses what was copied: ${identity.stderr}`);
    show(`aws sts get-caller-identity: ${identity.stdout}`);
    show(await photograph(portal, "2-copied"));
  });
}

/** The same person lets a terminal in. @returns the popup, with the terminal in its list. */
export async function pairTheTerminal({
  steps,
  broker,
  browser,
  terminal,
  photograph,
}: Stage): Promise<Page> {
  const popup = await browser.openPopup();
  await steps.step("the popup lists the roles", async ({ show }) => {
    await popup.getByText("All · 307 accounts").waitFor();
    show(await photograph(popup, "3-popup"));
  });
  await steps.step("the popup counts down to clearing the clipboard; clear it now", async ({ show }) => {
    const clear = popup.getByRole("button", { name: "Clear now" });
    await clear.click();
    await clear.waitFor({ state: "detached" });
    check((await browser.clipboard()).trim() === "", "the clipboard still holds something");
    show("the clipboard holds nothing");
  });
  await steps.step("connect the extension to the broker with a one-use code", async () => {
    await person.enrol(popup, await broker.newEnrolmentCode());
  });
  await steps.step("jcfetch pair: code, three words, roles", async ({ show }) => {
    const running = terminal.jcfetch("pair");
    await person.pair(popup, running, {
      roles: [{ search: ACCOUNT, role: ROLE }],
      name: TERMINAL,
      onStep: async (step) => show(await photograph(popup, `4-pair-${step}`)),
    });
    const { code, stderr } = await running.ended;
    check(code === 0, stderr);
    show(stderr);
  });
  return popup;
}

/** The terminal uses what it was given, alone and from the AWS CLI. */
export async function useTheTerminal({ steps, terminal, aws }: Stage): Promise<void> {
  await steps.step(`jcfetch configure --profile ${PROFILE}`, async ({ show }) => {
    const role = ["--account", ACCOUNT, "--role", ROLE, "--region", "us-east-1"];
    const done = await terminal.run("configure", "--profile", PROFILE, ...role);
    check(done.code === 0, done.stderr);
    show(done.stderr);
  });
  await steps.step(`jcfetch --profile ${PROFILE}`, async ({ show }) => {
    const done = await terminal.run("--profile", PROFILE);
    check(done.code === 0, done.stderr);
    show(shortenJson(done.stdout));
  });
  await steps.step(`aws sts get-caller-identity --profile ${PROFILE}`, async ({ show }) => {
    const done = await aws(["sts", "get-caller-identity", "--profile", PROFILE]);
    check(done.code === 0, done.stderr);
    check(done.stdout.includes(`assumed-role/AWSReservedSSO_${ROLE}_`), done.stdout);
    show(done.stdout);
  });
  await steps.step(`aws s3 ls --profile ${PROFILE}`, async ({ show }) => {
    const done = await aws(["s3", "ls", "--profile", PROFILE]);
    check(done.code === 0, done.stderr);
    check(done.stdout.includes("storage-backups"), done.stdout);
    show(done.stdout);
  });
}

/** The person takes it back. */
export async function removeTheTerminal(stage: Stage, popup: Page): Promise<void> {
  const { steps, sim, terminal, aws, photograph } = stage;
  await steps.step("remove the terminal in the extension: it gets nothing more", async ({ show }) => {
    show(await photograph(popup, "5-terminals"));
    await person.revoke(popup, TERMINAL);
    const refused = await terminal.run("--profile", PROFILE);
    check(
      refused.code === 3 && refused.stdout === "",
      `exit ${refused.code}\n${refused.stdout}${refused.stderr}`,
    );
    show(refused.stderr);
    const listing = await aws(["s3", "ls", "--profile", PROFILE]);
    check(listing.code !== 0, "the AWS CLI still got credentials");
    show(await photograph(popup, "6-removed"));
  });
  await steps.step("the simulated world was asked for nothing it does not know", async () => {
    check(sim.world.unknownCalls.length === 0, sim.world.unknownCalls.join("\n"));
  });
}
