import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { type Browser, openBrowser } from "../support/browser.ts";
import { filesBelow, processes, search } from "../support/canaries.ts";
import { allowCode, openDirectTerminal, signInByCode } from "../support/direct.ts";
import * as person from "../support/person.ts";
import { BUILDS } from "./bin.ts";

let sim: Sim;
beforeAll(async () => {
  await ensureBuilt("cli");
  sim = await startSim();
});
beforeEach(() => sim.faults.clear());
afterAll(() => sim.close());

describe("a sign-in in the browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser({ tlsPort: sim.tlsPort });
    const startUrl = "https://acme.awsapps.com/start";
    await person.signIn(await browser.newScreen(), { sim, user: "ana", startUrl });
  });
  afterAll(() => browser.close());

  it.each(BUILDS)(
    "[DM1] [DM4] by the %s ends with credentials, and the opener is told the address alone",
    async (build) => {
      await using direct = await openDirectTerminal(sim, { build, env: { AWS_PROFILE: "acme-s3" } });
      const { terminal } = direct;
      const told = join(terminal.home, "told");
      const opener = join(terminal.home, "opener");
      const script = `#!/bin/sh\nfor word; do printf '%s\\n' "$word"; done > ${told}\nenv > ${told}.env\n`;
      await writeFile(opener, script, { mode: 0o755 });
      const login = terminal.jcfetch("login", "--browser", opener);
      const [, url = ""] = await login.says(/your browser opens[^\n]*\n {2}(https:\S+)\n/);
      expect(new URL(url).host).toBe("oidc.us-east-1.amazonaws.com");
      await login.says(/waiting for you/);
      expect(await readFile(told, "utf8")).toBe(`${url}\n`);
      expect(await readFile(`${told}.env`, "utf8")).not.toMatch(/^(AWS|JCFETCH)_/m);

      const page = await browser.newScreen();
      await page.goto(url);
      await page.getByRole("button", { name: "Allow access" }).click();
      await page.getByText("You can close this tab").waitFor();
      await page.close();
      expect(await login.ended).toMatchObject({ code: 0, stdout: "" });
      const fetched = await terminal.run("process", "acme-s3");
      expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccountId: "999999999999" });
    },
  );

  it("[DM1] ends without one when the person refuses", async () => {
    await using direct = await openDirectTerminal(sim);
    const login = direct.terminal.jcfetch("login", "--session", "acme", "--browser", "/bin/true", "--json");
    const [, url = ""] = await login.says(/ {2}(https:\S+)\n/);
    const page = await browser.newScreen();
    await page.goto(url);
    await page.getByRole("button", { name: "Deny access" }).click();
    await page.getByText("Access was refused").waitFor();
    await page.close();
    const { code, stdout, stderr } = await login.ended;
    expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
    expect(stderr).toContain('"code":"sign-in-refused"');
  });

  it("[DM1] with a code is allowed on the page that the address leads to", async () => {
    await using direct = await openDirectTerminal(sim);
    const login = direct.terminal.jcfetch("login", "--session", "acme", "--device-code");
    const [, code = "", url = ""] = await login.says(/show the code (\S+),[^\n]*\n {2}(https:\S+)\n/);
    const page = await browser.newScreen();
    await page.goto(url);
    await page.getByText(`Authorization requested: ${code}`).waitFor();
    await page.getByRole("button", { name: "Allow access" }).click();
    expect(await login.ended).toMatchObject({ code: 0, stdout: "" });
    await page.close();
  });
});

describe("a sign-in with a code", () => {
  it.each(BUILDS)("[DM3] [DM9] by the %s is chosen over SSH, and said for what it waits", async (build) => {
    const env = { SSH_CONNECTION: "10.1.2.3 50000 10.1.2.4 22", DISPLAY: ":10" };
    await using direct = await openDirectTerminal(sim, { build, env });
    const login = direct.terminal.jcfetch("login", "--session", "globex", "--json");
    await login.says(/with a code, as this is an SSH session/);
    await login.says(/waiting for you; a JumpCloud Protect push .* for up to 10:00 min/);
    await allowCode(sim, login);
    const { code, stdout } = await login.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      session: "globex",
      already: false,
      refreshes: true,
      shared: false,
    });
    expect((await direct.terminal.run("process", "globex-core")).code).toBe(0);
  });

  it("[DM4] shows a picture of the address on a terminal", async () => {
    await using direct = await openDirectTerminal(sim);
    const login = direct.terminal.onConsole("login", "--session", "acme", "--device-code");
    // Version 3, the smallest that holds the address, and a margin of two.
    await login.says(/[█▀▄ ]{33}/);
    await allowCode(sim, login);
    expect((await login.ended).code).toBe(0);
  });

  it("[DM12] is not asked for where AWS still takes the one there is", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal } = direct;
    await signInByCode(sim, terminal, "acme");
    const before = sim.calls("RegisterClient");
    const again = await terminal.run("login", "--session", "acme");
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain("already signed in at acme");
    expect(sim.calls("RegisterClient")).toBe(before);
    await signInByCode(sim, terminal, "acme", { flags: ["--fresh"] });
    expect(sim.calls("RegisterClient")).toBe(before + 1);

    for (const { session } of sim.world.oidc.grants.values()) session.revoked = true;
    await signInByCode(sim, terminal, "acme");
    expect(sim.calls("RegisterClient")).toBe(before + 2);
  });

  it("[DM5] [CL4] leaves no token on the disk, in arguments or in an environment", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal, memory } = direct;
    const login = terminal.jcfetch("login", "--session", "acme", "--device-code");
    await login.says(/waiting for you/);
    const seen = processes();
    await allowCode(sim, login);
    await login.ended;
    const fetched = await terminal.run("process", "acme-s3");
    expect(fetched.code).toBe(0);
    const grants = [...sim.world.oidc.grants.keys()];
    const secrets = new Map(
      [...sim.world.sessions.tokenValues, ...grants].map((token) => [token.slice(0, 6), token]),
    );
    secrets.set("key", JSON.parse(fetched.stdout).SecretAccessKey);
    const inMemoryAlone = search(await filesBelow(memory), secrets);
    expect(inMemoryAlone.length).toBeGreaterThan(0);
    expect(inMemoryAlone.join("\n")).not.toContain("key ");
    expect(search(await filesBelow(terminal.home), secrets)).toEqual([]);
    expect(search(seen, secrets)).toEqual([]);
  });
});
