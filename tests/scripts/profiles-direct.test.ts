import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { scale } from "../hostile/scale.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { generatedAccounts } from "../sim/world/accounts.ts";
import { world as committed } from "../sim/world/world-file.ts";
import { allowCode, openDirectTerminal, signInByCode } from "../support/direct.ts";
import { eventually } from "../support/eventually.ts";
import { startNameProxy } from "../support/name-proxy.ts";

/** From where Node finds the SDK. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let sim: Sim;
beforeAll(async () => {
  await ensureBuilt("cli");
  sim = await startSim();
});
beforeEach(() => sim.faults.clear());
const closing = new AsyncDisposableStack();
afterAll(async () => {
  await closing.disposeAsync();
  await sim.close();
});

const configOf = (home: string): Promise<string> => readFile(join(home, ".aws/config"), "utf8");

describe("profiles by a sign-in of our own", () => {
  it("[PR1] [PR2] are made for all roles of the portal, named after accounts", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal } = direct;
    const sync = ["profiles", "sync", "--session", "globex", "--yes", "--json"];
    const early = await terminal.run(...sync);
    expect([early.code, early.stdout]).toEqual([6, ""]);
    await signInByCode(sim, terminal, "globex");

    const template = "{portal}-{account_name:lower}-{role}";
    const done = await terminal.run(...sync, "--template", template, "--region", "eu-central-1");
    const { add, collisions, written } = JSON.parse(done.stdout);
    expect([done.code, written, collisions]).toEqual([0, true, []]);
    const { accounts } = sim.world.directory("globex").spec;
    const roles = accounts.flatMap(({ id, roles: all }) => all.map(({ name }) => `${id}/${name}`));
    const made = add.map(({ account, role }: { account: string; role: string }) => `${account}/${role}`);
    expect(made.sort()).toEqual(roles.sort());
    expect(done.stderr).toContain("reading roles: 0 of 14 accounts");

    const fetched = await terminal.run("json", "globex-globex-produktion-Betrieb");
    expect(JSON.parse(fetched.stdout)).toMatchObject({ accountId: "666677778888", roleName: "Betrieb" });
    expect(JSON.parse((await terminal.run(...sync)).stdout)).toMatchObject({ add: [], change: [] });
    const byRole = await terminal.run(...sync, "--template", "{role}");
    expect(JSON.parse(byRole.stdout).collisions).toContainEqual(
      expect.objectContaining({ name: "ReadOnly", why: expect.stringMatching(/^\d+ roles would have it$/) }),
    );
  });

  it("[PR8] go on where they were stopped, under AWS's limit of twenty calls a second", async () => {
    const accounts = generatedAccounts(scale(80, 665), 310_000_000_003, "acme.example");
    const directories = committed.directories.map((one) =>
      one.name === "acme" ? { ...one, accounts, assignments: { ana: "all" as const } } : one,
    );
    await using large = await startSim({ world: { ...committed, directories } });
    await using direct = await openDirectTerminal(large);
    const { terminal } = direct;
    await signInByCode(large, terminal, "acme");
    large.faults.rateLimit = 20;
    const diff = ["profiles", "diff", "--session", "acme", "--json"];
    const stopped = terminal.jcfetch(...diff);
    await eventually(() => expect(large.calls("ListAccountRoles")).toBeGreaterThan(45));
    stopped.kill("SIGINT");
    await stopped.ended;
    const kept = await readFile(join(terminal.home, ".config/jcfetch/portal-roles.json"), "utf8");
    expect(kept).not.toMatch(/"(?:aoa|aor)|token/i);

    const whole = await terminal.run(...diff);
    expect(whole.code).toBe(0);
    const roles = accounts.reduce((sum, { roles: all }) => sum + all.length, 0);
    expect(JSON.parse(whole.stdout).add).toHaveLength(roles);
    expect(whole.stderr).toMatch(/reading roles: \d+ of \d+ accounts, about/);
    // Twenty accounts a save, six under way; what AWS's limit refused is asked again.
    expect(large.calls("ListAccountRoles")).toBeLessThan(accounts.length + 40);
    expect(large.calls("ListAccounts")).toBeLessThan(12);
    expect(await readdir(join(terminal.home, ".config/jcfetch"))).toEqual([]);
  });

  it("[PR7] are accepted by AWS's own tools, unmodified, where they sign in by themselves", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal, memory } = direct;
    await signInByCode(sim, terminal, "globex", { flags: ["--share"] });
    const sync = ["profiles", "sync", "--session", "globex", "--style", "sso-session", "--yes", "--json"];
    expect((await terminal.run(...sync, "--output", "json", "--template", "{account}-{role}")).code).toBe(0);
    const configure = ["configure", "--session", "globex", "--style", "sso-session", "--profile", "one"];
    const one = await terminal.run(...configure, "--account", "777788889999", "--role", "Admin");
    expect(one.code).toBe(0);

    const proxy = await startNameProxy(["*.amazonaws.com"], sim.tlsPort);
    closing.defer(() => proxy.close());
    const certificate = join(memory, "ca.pem");
    await writeFile(certificate, sim.certificate);
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, AWS_CA_BUNDLE: certificate };
    const program = `
      import { defaultProvider } from "@aws-sdk/credential-provider-node";
      console.log((await defaultProvider({ profile: "one" })()).accessKeyId);
    `;
    const keys = "boto3.Session(profile_name='666677778888-Betrieb').get_credentials().access_key";
    for (const command of [
      ["/usr/bin/aws", "configure", "export-credentials", "--profile", "one", "--format", "env"],
      ["/usr/bin/python3", "-c", `import boto3; print(${keys})`],
      ["/bin/sh", "-c", `cd ${ROOT} && exec "$0" --input-type=module -e "$1"`, process.execPath, program],
    ]) {
      const { code, stdout, stderr } = await terminal.start(command, env).ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("ASIA");
    }
  });
});

describe("the wizard without the extension", () => {
  it("[PR9] asks for the start URL, signs in, and offers accounts and roles from AWS", async () => {
    await using direct = await openDirectTerminal(sim, { env: { SSH_CONNECTION: "a b c d" } });
    const { terminal } = direct;
    await writeFile(join(terminal.home, ".aws/config"), "# mine\n");
    const wizard = terminal.onConsole("configure");
    await wizard.says(/Start URL of your access portal/);
    wizard.type("http://example.org");
    await wizard.says(/is like https:\/\/acme\.awsapps\.com\/start/);
    wizard.type("https://globex.awsapps.com/start/#/");
    await wizard.says(/Region of the portal/);
    wizard.type("eu-central-1");
    await allowCode(sim, wizard);
    await wizard.says(/666677778888 {2}Globex Produktion[\s\S]*Account, by number or a part of its name: /);
    wizard.type("globex");
    await wizard.says(/\d+ fit: /);
    wizard.type("produktion");
    await wizard.says(/Role, by number or a part of its name: /);
    wizard.type("betr");
    await wizard.says(/Name of the profile \[666677778888_Betrieb\]: /);
    wizard.type("prod");
    await wizard.says(/Default region \[us-east-1\]: /);
    wizard.type("");
    await wizard.says(/Output of AWS's tools \(json, yaml, yaml-stream, text, table\) \[none\]: /);
    wizard.type("text");
    expect(await wizard.ended).toMatchObject({ code: 0 });
    const config = await configOf(terminal.home);
    expect(config).toMatch(/^# mine\n/);
    expect(config).toMatch(
      /\[sso-session globex\]\r?\nsso_start_url = https:\/\/globex\.awsapps\.com\/start\nsso_region = eu-central-1\n/,
    );
    const fetched = await terminal.run("json", "prod");
    expect(JSON.parse(fetched.stdout)).toMatchObject({ accountId: "666677778888", roleName: "Betrieb" });

    // The second time nothing of the portal is asked.
    expect(config).toMatch(
      /\[profile prod\]\n[\s\S]*jcfetch_session = globex\nregion = us-east-1\noutput = text\n/,
    );
    const flags = ["--account", "777788889999", "--output", "json"];
    const again = terminal.onConsole("configure", ...flags);
    await again.says(/already signed in[\s\S]*Role, by number/);
    again.type("1");
    await again.says(/Name of the profile/);
    again.type("");
    await again.says(/Default region/);
    again.type("");
    expect((await again.ended).code).toBe(0);
    expect(await configOf(terminal.home)).toContain("[profile 777788889999_Admin]");
  });
});
