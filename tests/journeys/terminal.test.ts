import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, STORAGE, startJourney } from "../support/journey.ts";
import { approve, revoke, startPairing, typeWords, wordsOn } from "../support/person.ts";
import { Terminal } from "../support/terminal.ts";

const PROFILE = "999999_S3Admin";
const S3_ADMIN = [{ search: "999999999999 S3Admin", role: "S3Admin" }];

let journey: Journey;
let popup: Page;

beforeAll(async () => {
  journey = await startJourney();
  await journey.signedIn();
  popup = await journey.enrolledPopup();
});
afterAll(() => journey.close());

const configure = (terminal: Terminal) =>
  terminal.run(
    "configure",
    "--profile",
    PROFILE,
    "--account",
    STORAGE,
    "--role",
    "S3Admin",
    "--region",
    "us-east-1",
  );

/** A second terminal of its own, paired and with a profile. */
async function anotherTerminal(): Promise<Terminal> {
  const terminal = await Terminal.open();
  expect(await journey.paired(popup, S3_ADMIN, terminal)).toMatchObject({ code: 0 });
  expect(await configure(terminal)).toMatchObject({ code: 0, stdout: "" });
  return terminal;
}

describe("from a pairing to aws s3 ls", () => {
  it("[CR1] [CL2] gives the AWS CLI and boto3 credentials that AWS accepts, and ends when it is removed", async () => {
    await writeConfigOf(
      journey.terminal,
      "# mine\r\n[default]\nregion = eu-west-1   \n\n\n[profile other]\nx=1",
    );
    expect(await journey.paired(popup, S3_ADMIN)).toMatchObject({ code: 0, stdout: "" });
    expect(await configure(journey.terminal)).toMatchObject({ code: 0, stdout: "" });
    const config = await configOf(journey.terminal);
    expect(config.startsWith("# mine\r\n[default]\nregion = eu-west-1   \n\n\n[profile other]\nx=1")).toBe(
      true,
    );

    const fetched = await journey.terminal.run("--profile", PROFILE);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccountId: STORAGE });

    const arn = /arn:aws:sts::999999999999:assumed-role\/AWSReservedSSO_S3Admin_/;
    expect((await journey.aws(["sts", "get-caller-identity", "--profile", PROFILE])).stdout).toMatch(arn);
    expect((await journey.aws(["s3", "ls", "--profile", PROFILE])).stdout).toContain("storage-archive");
    expect((await journey.boto3(PROFILE)).stdout).toMatch(arn);

    await revoke(popup, "here");
    const refused = await journey.terminal.run("--profile", PROFILE);
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("[revoked, exit 3]");
    expect((await journey.aws(["s3", "ls", "--profile", PROFILE])).code).not.toBe(0);
  });

  it("[EV5] [EV7] says to sign in when the portal session has ended, and goes on by itself after a new sign-in", async () => {
    await using terminal = await anotherTerminal();
    for (const session of journey.sim.world.sessions.all) session.revoked = true;
    const ended = await terminal.run("--profile", PROFILE);
    expect(ended).toMatchObject({ code: 6, stdout: "" });
    expect(ended.stderr).toMatch(/→ sign in/);

    const page = await journey.signedIn();
    await page.close();
    await expect
      .poll(async () => (await terminal.run("--profile", PROFILE)).code, { timeout: 20_000 })
      .toBe(0);
    await revoke(popup, "here");
  });

  it("[RV3] jcfetch logout makes the terminal a stranger, here and at the broker", async () => {
    await using terminal = await anotherTerminal();
    expect(await terminal.run("logout")).toMatchObject({ code: 0, stdout: "" });
    const after = await terminal.run("--profile", PROFILE);
    expect(after).toMatchObject({ code: 3, stdout: "" });
    expect(after.stderr).toContain("jcfetch pair");
    await revoke(popup, "here");
  });
});

describe("a pairing that goes wrong", () => {
  it("[PA5] ends on both sides when the words are wrong", async () => {
    await using terminal = await Terminal.open();
    const running = terminal.jcfetch("pair");
    running.type(await startPairing(popup));
    await wordsOn(running);
    await typeWords(popup, "apple banana cherry");
    await popup.getByRole("heading", { name: "Not paired" }).waitFor();
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 8, stdout: "" });
    expect(ended.stderr).toContain("[pairing-words, exit 8]");
    await popup.getByRole("button", { name: "Back" }).click();
  });

  it("[PA12] ends for the terminal when it is stopped in the extension", async () => {
    await using terminal = await Terminal.open();
    const running = terminal.jcfetch("pair");
    running.type(await startPairing(popup));
    await wordsOn(running);
    await popup.getByRole("button", { name: "Stop pairing" }).click();
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 8, stdout: "" });
    expect(ended.stderr).toContain("[pairing-refused, exit 8]");
  });

  it("[PA8] is destroyed by a second terminal that uses the code", async () => {
    await using first = await Terminal.open();
    await using second = await Terminal.open();
    const code = await startPairing(popup);
    const running = first.jcfetch("pair");
    running.type(code);
    await wordsOn(running);
    const intruder = second.jcfetch("pair");
    intruder.type(code);
    expect((await intruder.ended).stderr).toContain("[pairing-joined, exit 8]");
    expect((await running.ended).stderr).toContain("[pairing-joined, exit 8]");
    await popup.getByRole("heading", { name: "Not paired" }).waitFor();
    await popup.getByRole("button", { name: "Back" }).click();
  });

  it("[PA6] gives nothing that was not ticked", async () => {
    await using terminal = await Terminal.open();
    const running = terminal.jcfetch("pair");
    running.type(await startPairing(popup));
    await typeWords(popup, await wordsOn(running));
    await popup.getByLabel("Search the roles to give").waitFor();
    expect(await popup.locator("label.tick input:checked").count()).toBe(0);
    expect(await popup.getByRole("button", { name: "Choose at least one role" }).isDisabled()).toBe(true);
    await approve(popup, { roles: S3_ADMIN, name: "here" });
    expect(await running.ended).toMatchObject({ code: 0 });
    await popup.getByRole("button", { name: "Done" }).click();

    await terminal.run("configure", "--profile", "ro", "--account", STORAGE, "--role", "ReadOnly");
    const refused = await terminal.run("--profile", "ro");
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toBe("");
    await revoke(popup, "here");
  });
});

const configPath = (terminal: Terminal): string => join(terminal.home, ".aws/config");
const configOf = (terminal: Terminal): Promise<string> => readFile(configPath(terminal), "utf8");

async function writeConfigOf(terminal: Terminal, text: string): Promise<void> {
  await mkdir(join(terminal.home, ".aws"), { recursive: true });
  await writeFile(configPath(terminal), text);
}
