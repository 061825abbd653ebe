import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { type Journey, STORAGE, startJourney } from "../support/journey.ts";
import { approve, revoke, signIn, startPairing, typeWords, wordsOn } from "../support/person.ts";
import { Terminal } from "../support/terminal.ts";

const PROFILE = "999999_S3Admin";
const S3_ADMIN = [{ search: STORAGE, role: "S3Admin" }];

/** Somebody signed in, with an extension that has its broker; a world for each test, so that none leans on another. */
async function atTheTerminals(): Promise<Journey & { popup: Page } & AsyncDisposable> {
  const journey = await startJourney();
  await journey.signedIn();
  const popup = await journey.enrolledPopup();
  return { ...journey, popup, [Symbol.asyncDispose]: () => journey.close() };
}

const configure = (terminal: Terminal, profile = PROFILE, role = "S3Admin") =>
  terminal.run(
    ...["configure", "--profile", profile, "--account", STORAGE, "--role", role, "--region", "us-east-1"],
  );

const configPath = (terminal: Terminal): string => join(terminal.home, ".aws/config");

describe("from a pairing to aws s3 ls", () => {
  it("[CR1] [CL2] [CL3] gives AWS CLI and boto3 credentials that AWS accepts, until the terminal is removed", async () => {
    await using world = await atTheTerminals();
    const { terminal, popup } = world;
    const mine = "# mine\r\n[default]\nregion = eu-west-1   \n\n\n[profile other]\nx=1";
    await mkdir(join(terminal.home, ".aws"));
    await writeFile(configPath(terminal), mine);

    expect(await world.paired(popup, S3_ADMIN)).toMatchObject({ code: 0, stdout: "" });
    expect(await configure(terminal)).toMatchObject({ code: 0, stdout: "" });
    expect((await readFile(configPath(terminal), "utf8")).startsWith(mine)).toBe(true);

    const fetched = await terminal.run("--profile", PROFILE);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccountId: STORAGE });

    const arn = /arn:aws:sts::999999999999:assumed-role\/AWSReservedSSO_S3Admin_/;
    expect((await world.aws(["sts", "get-caller-identity", "--profile", PROFILE])).stdout).toMatch(arn);
    expect((await world.aws(["s3", "ls", "--profile", PROFILE])).stdout).toContain("storage-archive");
    expect((await world.boto3(PROFILE)).stdout).toMatch(arn);

    await revoke(popup, "here");
    const refused = await terminal.run("--profile", PROFILE);
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("[revoked, exit 3");
    expect((await world.aws(["s3", "ls", "--profile", PROFILE])).code).not.toBe(0);
  });

  it("[EV5] [EV7] says to sign in when the portal session has ended, and goes on after a new sign-in", async () => {
    await using world = await atTheTerminals();
    const { terminal, popup, sim } = world;
    await world.paired(popup, S3_ADMIN);
    await configure(terminal);
    for (const session of sim.world.sessions.all) session.revoked = true;
    const ended = await terminal.run("--profile", PROFILE);
    expect(ended).toMatchObject({ code: 6, stdout: "" });
    expect(ended.stderr).toMatch(/→ sign in/);

    // AWS's page notices by itself, and JumpCloud still knows the person.
    await signIn(await world.browser.context.newPage(), {
      sim,
      user: "ana",
      startUrl: "https://acme.awsapps.com/start",
    });
    await expect
      .poll(async () => (await terminal.run("--profile", PROFILE)).code, { timeout: 60_000 })
      .toBe(0);
  });

  it("[RV3] is over after jcfetch logout, here and at the broker", async () => {
    await using world = await atTheTerminals();
    const { terminal, popup } = world;
    await world.paired(popup, S3_ADMIN);
    await configure(terminal);
    const { stderr, ...done } = await terminal.run("logout");
    expect(done, stderr).toMatchObject({ code: 0, stdout: "" });
    const after = await terminal.run("--profile", PROFILE);
    expect(after).toMatchObject({ code: 3, stdout: "" });
    expect(after.stderr).toContain("jcfetch pair");
  });
});

describe("a pairing that goes wrong", () => {
  it("[PA5] ends on both sides when the words are wrong", async () => {
    await using world = await atTheTerminals();
    const running = world.terminal.jcfetch("pair");
    running.type(await startPairing(world.popup));
    await wordsOn(running);
    await typeWords(world.popup, "apple banana cherry");
    await world.popup.getByRole("heading", { name: "Not paired" }).waitFor();
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 8, stdout: "" });
    expect(ended.stderr).toContain("[pairing-words, exit 8");
  });

  it("[PA12] ends for the terminal when it is stopped in the extension", async () => {
    await using world = await atTheTerminals();
    const running = world.terminal.jcfetch("pair");
    running.type(await startPairing(world.popup));
    await wordsOn(running);
    await world.popup.getByRole("button", { name: "Stop pairing" }).click();
    const ended = await running.ended;
    expect(ended).toMatchObject({ code: 8, stdout: "" });
    expect(ended.stderr).toContain("[pairing-refused, exit 8");
  });

  it("[PA8] is destroyed by a second terminal that uses the code", async () => {
    await using world = await atTheTerminals();
    await using second = await Terminal.open();
    const code = await startPairing(world.popup);
    const running = world.terminal.jcfetch("pair");
    running.type(code);
    const words = await wordsOn(running);
    const intruder = second.jcfetch("pair");
    intruder.type(code);
    expect((await intruder.ended).stderr).toContain("[pairing-joined, exit 8");
    expect((await running.ended).stderr).toContain("[pairing-joined, exit 8");
    await typeWords(world.popup, words);
    await world.popup.getByRole("heading", { name: "Not paired" }).waitFor();
    await world.popup.getByText("the pairing code was used twice").waitFor();
  });

  it("[PA6] [PO1] gives nothing that was not ticked", async () => {
    await using world = await atTheTerminals();
    const { terminal, popup } = world;
    const running = terminal.jcfetch("pair");
    running.type(await startPairing(popup));
    await typeWords(popup, await wordsOn(running));
    await popup.getByLabel("Search the roles to give").waitFor();
    expect(await popup.locator("label.tick input:checked").count()).toBe(0);
    expect(await popup.getByRole("button", { name: "Choose at least one role" }).isDisabled()).toBe(true);
    await approve(popup, { roles: S3_ADMIN, name: "here" });
    expect(await running.ended).toMatchObject({ code: 0 });

    await configure(terminal, "ro", "ReadOnly");
    const refused = await terminal.run("--profile", "ro");
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toBe("");
  });
});
