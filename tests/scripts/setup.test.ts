import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { termsFor } from "../extension/broker/terminal.ts";
import { Background, networkOf, signedIn } from "../extension/messaging/background-world.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { freePort } from "../support/free-port.ts";
import { LocalBroker } from "../support/local-broker.ts";
import type { Running } from "../support/terminal.ts";
import { READ_ONLY, S3_ADMIN } from "../support/world.ts";
import { BUILDS, type Build } from "./bin.ts";

/** The command line as it is installed, a broker that it starts itself, and the extension's own background. */
let sim: Sim;
beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim[Symbol.asyncDispose]());

const install = (build: Build = "bundle") => LocalBroker.install({ build, simPort: sim.httpPort });

async function ana(): Promise<Background> {
  const background = new Background(networkOf(sim));
  await signedIn(sim, background);
  return background;
}

const CODE = /^(jcs1_[\w-]+)$/m;
const codeOf = async (running: Running): Promise<string> => (await running.says(CODE))[1]!;

/** Where the pairing stands once the terminal has come. */
const chosen = (background: Background) =>
  background.until("pairing", async () => {
    const view = await background.ask("pairState");
    return view.ok && view.value.step === "choose" ? view.value : undefined;
  });

const terms = termsFor({ roles: [S3_ADMIN, READ_ONLY], name: "here" });

async function approve(background: Background): Promise<void> {
  expect(await background.ask("pairApprove", terms)).toMatchObject({ value: { step: "done" } });
}

async function setUp(broker: LocalBroker, background: Background, ...args: string[]) {
  const running = broker.terminal.jcfetch("setup", "--port", String(await freePort()), ...args);
  expect(await background.ask("enrol", { code: await codeOf(running) })).toMatchObject({ ok: true });
  expect(await chosen(background)).toMatchObject({ here: true, ssh: false });
  await approve(background);
  return running.ended;
}

describe.each(BUILDS)("jcfetch setup, by the %s", (build) => {
  it("[ST3] [ST6] goes from nothing to working profiles with one paste and one approval", async () => {
    await using broker = await install(build);
    const { terminal } = broker;
    const { code, stdout, stderr } = await setUp(broker, await ana());
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("2 profiles: 999999999999_S3Admin, 999999999999_ReadOnly");
    expect(stderr).toContain("It works. Try it: aws sts get-caller-identity --profile 999999999999_S3Admin");

    const config = await readFile(join(terminal.home, ".aws/config"), "utf8");
    expect(config.match(/^\[profile .*\]$/gm)).toHaveLength(2);
    for (const profile of ["999999999999_S3Admin", "999999999999_ReadOnly"]) {
      const fetched = await terminal.run("process", profile);
      expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccountId: "999999999999" });
    }
    expect(await broker.status()).toMatchObject({ running: true, exposed: [] });
  });
});

describe("jcfetch setup", () => {
  it("[ST6] leaves the profiles that are there, and those of others, as they are", async () => {
    await using broker = await install();
    const { terminal } = broker;
    await mkdir(join(terminal.home, ".aws"));
    const mine = "[profile 999999999999_S3Admin]\nregion = eu-west-1\n";
    await writeFile(join(terminal.home, ".aws/config"), mine);
    const { code, stderr } = await setUp(broker, await ana());
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("already has a profile 999999999999_S3Admin that jcfetch did not write");
    expect(stderr).toContain("1 profile: 999999999999_ReadOnly");
    expect((await readFile(join(terminal.home, ".aws/config"), "utf8")).startsWith(mine)).toBe(true);
  });

  it("[ST6] can be run again: the broker stays, the terminal takes the place of the old one", async () => {
    await using broker = await install();
    const background = await ana();
    await setUp(broker, background);
    const before = await broker.status();
    const running = broker.terminal.jcfetch("setup");
    await background.ask("enrol", { code: await codeOf(running) });
    await chosen(background);
    await approve(background);
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(await broker.status()).toMatchObject({ pid: before.pid, bid: before.bid });
    const config = await readFile(join(broker.terminal.home, ".aws/config"), "utf8");
    expect(config.match(/^\[profile .*\]$/gm)).toHaveLength(2);
  });

  it("[ST6] --json tells programs the code, then the profiles, and nothing else", async () => {
    await using broker = await install();
    const background = await ana();
    const { terminal } = broker;
    const command = '"$@" 3>&2 2>/dev/null >&3'; // its standard output where this test listens
    const words = [process.execPath, join(broker.folder, "jcfetch.mjs"), "setup", "--json", "--port"];
    const running = terminal.start(["/bin/sh", "-c", command, "sh", ...words, String(await freePort())]);
    const [, code] = await running.says(/"code":"(jcs1_[\w-]+)"/);
    await background.ask("enrol", { code: code! });
    await chosen(background);
    await approve(background);
    const { stderr } = await running.ended;
    const lines = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { code, url: (await broker.status()).url },
      { profiles: ["999999999999_S3Admin", "999999999999_ReadOnly"], fetched: true },
    ]);
  });

  it("[ST3] [PA12] ends at once, with nothing given, when the terminal is refused", async () => {
    await using broker = await install();
    const background = await ana();
    const running = broker.terminal.jcfetch("setup", "--port", String(await freePort()));
    await background.ask("enrol", { code: await codeOf(running) });
    await chosen(background);
    await background.ask("pairCancel");
    const { code, stderr } = await running.ended;
    expect(code).toBe(8);
    expect(stderr).toContain("[pairing-refused, exit 8");
    expect(stderr).toContain("run jcfetch setup again; the broker goes on, and nothing was given");
    expect(existsSync(join(broker.terminal.home, ".aws"))).toBe(false);
    expect(await broker.status()).toMatchObject({ running: true });
  });

  it("[ST5] that is stopped while it waits leaves a broker and nothing else", async () => {
    await using broker = await install();
    const background = await ana();
    const running = broker.terminal.jcfetch("setup", "--port", String(await freePort()));
    const code = await codeOf(running);
    await running.says(/Waiting for the code in the extension, for up to \d+:\d\d min/);
    running.kill("SIGINT");
    await running.ended;
    expect(readdirSync(broker.terminal.home)).not.toContain(".config");
    expect(await broker.status()).toMatchObject({ running: true });
    // The code still enrols; the terminal that it was for comes no more.
    expect(await background.ask("enrol", { code })).toMatchObject({ ok: true });
    expect(await background.ask("pairState")).toMatchObject({ value: { step: "joining" } });
  });

  it("[ST4] is refused over SSH, where the browser is another computer's", async () => {
    await using broker = await install();
    broker.terminal.env.SSH_CONNECTION = "10.0.0.1 1 10.0.0.2 22";
    const { code, stdout, stderr } = await broker.terminal.run("setup");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("[setup-elsewhere, exit 2]");
    expect(await broker.status()).toMatchObject({ running: false, keys: "none" });
  });

  it("[ST4] is refused where the terminal belongs to another broker", async () => {
    await using broker = await install();
    await setUp(broker, await ana());
    const path = join(broker.terminal.home, ".config/jcfetch/device.json");
    const device = {
      ...(JSON.parse(await readFile(path, "utf8")) as object),
      url: "https://broker.acme.example",
    };
    await writeFile(path, JSON.stringify(device));
    const { code, stderr } = await broker.terminal.run("setup");
    expect(code).toBe(2);
    expect(stderr).toContain("this terminal is paired with the broker at https://broker.acme.example");
    expect(stderr).toContain("→ leave that one first: jcfetch logout; then jcfetch setup");
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(device);
  });

  it("[ST6] says what is wrong when all is set up and AWS gives nothing", async () => {
    await using broker = await install();
    const background = await ana();
    const running = broker.terminal.jcfetch("setup", "--port", String(await freePort()));
    await background.ask("enrol", { code: await codeOf(running) });
    await chosen(background);
    sim.faults.add({ operation: "GetRoleCredentials", kind: "forbidden" });
    try {
      await approve(background);
      const { code, stderr } = await running.ended;
      expect(code).not.toBe(0);
      expect(stderr).toContain("all is set up, but ");
      expect(existsSync(join(broker.terminal.home, ".aws/config"))).toBe(true);
    } finally {
      sim.faults.clear();
    }
  });
});
