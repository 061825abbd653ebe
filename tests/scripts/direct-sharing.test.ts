import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { DIRECT_CONFIG, openDirectTerminal, signInByCode } from "../support/direct.ts";
import { type NameProxy, startNameProxy } from "../support/name-proxy.ts";
import type { Terminal } from "../support/terminal.ts";
import { rewriteTokens } from "./direct-tokens.ts";

const AWS = "/usr/bin/aws";
const MINUTE = 60_000;

let sim: Sim;
let proxy: NameProxy;
beforeAll(() => ensureBuilt("cli"));
beforeEach(async () => {
  sim = await startSim();
  proxy = await startNameProxy(["*.amazonaws.com"], sim.tlsPort);
});
afterEach(async () => {
  await proxy.close();
  await sim.close();
});

const cachePath = (terminal: Terminal, session = "acme"): string =>
  join(terminal.home, ".aws/sso/cache", `${createHash("sha1").update(session).digest("hex")}.json`);

const readCache = async (terminal: Terminal) =>
  JSON.parse(await readFile(cachePath(terminal), "utf8")) as Record<string, string>;

async function writeCache(terminal: Terminal, change: object = {}): Promise<string> {
  const { startUrl, region } = sim.world.directory("acme");
  const signedIn = sim.world.sessions.open(sim.world.user("ana"), sim.world.directory("acme"));
  const expiresAt = new Date(Date.now() + 30 * MINUTE).toISOString();
  const content = { startUrl, region, accessToken: signedIn.value, expiresAt, ...change };
  await mkdir(join(terminal.home, ".aws/sso/cache"), { recursive: true });
  await writeFile(cachePath(terminal), JSON.stringify(content));
  return content.accessToken;
}

/** A profile as AWS's own tools write it. */
const OF_AWS = `
[profile theirs]
sso_session = acme
sso_account_id = 999999999999
sso_role_name = S3Admin
region = eu-west-1
`;

describe("one sign-in for two tools", () => {
  it("[DM8] is taken from the AWS CLI, for the session's own portal and region, and never refreshed", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal } = direct;
    await writeCache(terminal, {
      expiresAt: new Date(Date.now() + 30 * MINUTE).toISOString().replace(/\.\d+Z/, "UTC"),
    });
    expect((await terminal.run("process", "acme-s3")).code).toBe(0);
    for (const unfit of [
      { region: "eu-west-1" },
      { startUrl: "https://other.awsapps.com/start" },
      {
        expiresAt: new Date(Date.now() - 1).toISOString(),
        refreshToken: "aor",
        clientId: "c",
        clientSecret: "s",
      },
      { accessToken: 7 },
    ]) {
      await writeCache(terminal, unfit);
      expect((await terminal.run("process", "acme-s3")).code).toBe(6);
    }
    await writeFile(cachePath(terminal), "{half a fi");
    expect((await terminal.run("process", "acme-s3")).code).toBe(6);
    expect(sim.calls("CreateToken")).toBe(0);
    expect(await readdir(join(terminal.home, ".aws/sso/cache"))).toHaveLength(1);
  });

  it("[DM8] is given to the AWS CLI when asked, which accepts it for a profile of its own", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal, memory } = direct;
    await writeFile(join(terminal.home, ".aws/config"), DIRECT_CONFIG + OF_AWS);
    await signInByCode(sim, terminal, "acme");
    await expect(stat(join(terminal.home, ".aws/sso"))).rejects.toThrow("ENOENT");
    const shared = await terminal.run("login", "--session", "acme", "--share");
    expect(shared.stderr).toContain("already signed in");
    expect((await stat(cachePath(terminal))).mode & 0o777).toBe(0o600);
    expect(await readCache(terminal)).toMatchObject({
      startUrl: "https://acme.awsapps.com/start",
      region: "us-east-1",
      accessToken: expect.stringMatching(/^aoa/),
      refreshToken: expect.stringMatching(/^aor/),
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });

    const certificate = join(memory, "ca.pem");
    await writeFile(certificate, sim.certificate);
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, AWS_CA_BUNDLE: certificate };
    const before = sim.calls("GetRoleCredentials");
    const exported = terminal.start([AWS, "configure", "export-credentials", "--profile", "theirs"], env);
    const { code, stdout, stderr } = await exported.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ Version: 1, AccessKeyId: expect.stringMatching(/^ASIA/) });
    expect(sim.calls("GetRoleCredentials")).toBe(before + 1);
    expect([...proxy.hosts]).toEqual(["portal.sso.us-east-1.amazonaws.com"]);

    // The same profile, by jcfetch.
    expect(JSON.parse((await terminal.run("process", "theirs")).stdout)).toMatchObject({ Version: 1 });
  });

  it("[DM8] stays one: what either has refreshed, the other has", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal, memory } = direct;
    await signInByCode(sim, terminal, "acme", { flags: ["--share"] });
    const first = await readCache(terminal);
    await rewriteTokens(memory, { expiresAtMs: Date.now() - 1 });
    await writeFile(
      cachePath(terminal),
      JSON.stringify({ ...first, expiresAt: new Date(Date.now() - 1).toISOString() }),
    );
    expect((await terminal.run("process", "acme-s3")).code).toBe(0);
    const second = await readCache(terminal);
    expect(second.refreshToken).not.toBe(first.refreshToken);

    // The other tool refreshes; its token is newer than ours, which is due.
    const other = await fetch(`${sim.origin}/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...second, grantType: "refresh_token" }),
    });
    const got = (await other.json()) as Record<string, string>;
    const expiresAt = new Date(Date.now() + 50 * MINUTE).toISOString();
    await writeFile(cachePath(terminal), JSON.stringify({ ...second, ...got, expiresAt }));
    await rewriteTokens(memory, { expiresAtMs: Date.now() - 1 });
    const before = sim.calls("CreateToken");
    expect((await terminal.run("process", "acme-s3")).code).toBe(0);
    expect(sim.calls("CreateToken")).toBe(before);
  });
});

describe("signing out", () => {
  it("[DM11] forgets our own sign-ins, and touches neither AWS's caches nor the portal session unless asked", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal, memory } = direct;
    await signInByCode(sim, terminal, "acme", { flags: ["--share"] });
    await signInByCode(sim, terminal, "globex");
    const roles = join(terminal.home, ".aws/cli/cache");
    await mkdir(roles, { recursive: true });
    await writeFile(join(roles, "sso.json"), '{"ProviderType":"sso"}');
    await writeFile(join(roles, "other.json"), '{"ProviderType":"assume-role"}');

    const one = await terminal.run("logout", "--session", "globex");
    expect(one).toMatchObject({ code: 0, stdout: "" });
    expect(one.stderr).toContain("forgot the sign-in of globex");
    expect((await terminal.run("process", "globex-core")).code).toBe(6);
    const other = await terminal.run("logout", "--session", "globex");
    expect(other.stderr).toContain("nobody was signed in by globex");
    expect(await readdir(join(memory, "jcfetch/sessions"))).toHaveLength(2); // tokens, and the mark of the sign-in

    expect((await terminal.run("logout")).stderr).toContain("forgot the sign-in of acme");
    await expect(stat(join(memory, "jcfetch/sessions"))).rejects.toThrow("ENOENT");
    // The AWS CLI is still signed in, and so, as long as that lasts, are we.
    expect((await terminal.run("process", "acme-s3")).code).toBe(0);
    const caches = await terminal.run("logout", "--aws-caches");
    expect(caches.stderr).toContain("removed 2 files from the AWS CLI's caches");
    expect(await readdir(roles)).toEqual(["other.json"]);
    expect((await terminal.run("process", "acme-s3")).code).toBe(6);
    expect(sim.calls("Logout")).toBe(0);

    await signInByCode(sim, terminal, "acme");
    const ended = await terminal.run("logout", "--session", "acme", "--portal");
    expect(ended.stderr).toContain("ended the portal session of acme: your browser is signed out, too");
    expect(sim.calls("Logout")).toBe(1);
    const sessions = sim.world.sessions.all.filter(({ directory }) => directory.spec.name === "acme");
    expect(sessions.at(-1)?.revoked).toBe(true);
  });
});
