import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type NameProxy, startNameProxy } from "../support/name-proxy.ts";
import { pairedTerminal } from "../support/paired.ts";
import type { Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS, type Build } from "./bin.ts";

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly what: string;
  readonly next?: string;
}

let world: TestWorld;
let proxy: NameProxy;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
  proxy = await startNameProxy(["*.awsapps.com", "*.amazonaws.com", "*.signin.aws"], world.sim.tlsPort);
});
beforeEach(() => world.sim.faults.clear());
afterAll(async () => {
  await proxy.close();
  await world[Symbol.asyncDispose]();
});

const profile = (name: string, role: string): string =>
  `[profile ${name}]\njcfetch_account_id = 999999999999\njcfetch_role_name = ${role}\n`;

/** The portal is reached under its real name. */
const network = () => ({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });

async function configured(terminal: Terminal, config: string): Promise<void> {
  const path = join(terminal.home, ".aws/config");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, config);
  await writeFile(join(terminal.home, "ca.pem"), world.sim.certificate);
}

async function examine(terminal: Terminal, ...args: string[]) {
  const running = terminal.start([...terminal.command, "doctor", "--json", ...args], {
    AWS_CA_BUNDLE: join(terminal.home, "ca.pem"),
  });
  running.closeInput();
  const { code, stdout, stderr } = await running.ended;
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const of = (check: string) => findings.filter((one) => one.check === check);
  return { code, stderr, findings, of };
}

const open = (build: Build) =>
  pairedTerminal(world, {
    ...{ build, agent: true, env: network() },
    policy: { allow: [{ account: "999999999999", roles: ["S3Admin"] }] },
  });

describe.each(BUILDS)("jcfetch doctor, the %s", (build) => {
  it("[CF8] finds nothing wrong where nothing is, and has looked at everything", async () => {
    await using at = await open(build);
    await configured(at.terminal, profile("dev", "S3Admin"));
    const { code, findings, of } = await examine(at.terminal);
    expect(findings.filter(({ state }) => state === "wrong")).toEqual([]);
    expect(code).toBe(0);
    const looked = ["config", "agent", "keyring", "proxy", "certificates", "clock", "portal", "region"];
    const checks = findings.map(({ check }) => check);
    expect(checks).toEqual(
      expect.arrayContaining([...looked, "JumpCloud", "terminal", "broker", "session", "extension", "role"]),
    );
    expect(of("role")[0]?.what).toMatch(/^dev: credentials for /);
    expect([...proxy.hosts].filter((host) => /jumpcloud/.test(host))).toEqual([]);
  });

  it("[CF8] says of each thing that is wrong what it is, and what to type", async () => {
    await using at = await open(build);
    const byId =
      "[sso-session other]\nsso_start_url = https://d-9967f0c3d2.awsapps.com/start\nsso_region = eu-central-1\n";
    const session =
      "[sso-session acme]\nsso_start_url = https://globex.awsapps.com/start\nsso_region = us-west-2\n";
    await configured(
      at.terminal,
      `${profile("dev", "S3Admin")}credential_process = /nowhere/jcfetch process dev\n${profile("other", "ReadOnly")}${session}${byId}`,
    );
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "forbidden" });
    const { code, of } = await examine(at.terminal);
    expect(code).toBe(10);
    const wrong = (check: string) => of(check).filter(({ state }) => state === "wrong");
    expect(wrong("config")[0]?.next).toContain("jcfetch profiles sync");
    expect(wrong("region")[0]).toMatchObject({
      what: "the portal is in eu-central-1, but [sso-session acme] says us-west-2",
      next: "in ~/.aws/config, [sso-session acme]: sso_region = eu-central-1",
    });
    expect(of("JumpCloud").at(-1)).toMatchObject({ state: "ok", what: "the portal signs people in there" });
    expect(wrong("sign-in")[0]?.next).toContain("jcfetch login --session acme");
    expect(wrong("role").map(({ what }) => what)).toEqual([
      expect.stringMatching(/^dev: AWS says the role .* is not assigned to you/),
      expect.stringMatching(/^other: this terminal was not given the role/),
    ]);
    const words = await at.terminal.run("doctor");
    expect(words.code).toBe(10);
    expect(words.stdout).toMatch(
      /^WRONG {2}portal .* signed by "jcfetch simulated world".*\n {7}→ if that is/m,
    );
  });
});

describe("in a terminal with an agent", () => {
  it("[CF8] doctor --fix ends an agent of another version", async () => {
    await using at = await open("executable");
    await configured(at.terminal, profile("dev", "S3Admin"));
    await mkdir(dirname(at.terminal.agent.socket), { mode: 0o700, recursive: true });
    const status = { pid: 2 ** 30, version: "0.0.1", sinceMs: 0, rssBytes: 1, locked: false, roles: [] };
    const old = createServer((socket) => {
      socket.on("data", (bytes) => {
        const { op } = JSON.parse(bytes.toString()) as { op: string };
        if (op === "stop") old.close();
        const leaving = op === "credentials" ? { answer: "leaving" } : { answer: "done" };
        socket.end(`${JSON.stringify(op === "status" ? { answer: "status", status } : leaving)}\n`);
      });
    });
    await new Promise<void>((resolve) => old.listen(at.terminal.agent.socket, resolve));
    try {
      const { code, stderr } = await examine(at.terminal, "--fix");
      expect(stderr).toContain("mended: agent: it is of another version (0.0.1)");
      expect(old.listening).toBe(false);
      expect(code).toBe(0);
    } finally {
      old.close();
      if (existsSync(at.terminal.agent.socket) && !(await at.terminal.agent.status()))
        await rm(at.terminal.agent.socket);
    }
  });

  it("[CF8] doctor says that this computer is locked, also where no agent runs", async () => {
    await using at = await open("executable");
    await configured(at.terminal, profile("dev", "S3Admin"));
    await at.terminal.run("agent", "lock");
    expect(await at.terminal.agent.status()).toBeUndefined();
    const { code, of } = await examine(at.terminal);
    expect(code).toBe(10);
    expect(of("agent")).toMatchObject([{ state: "wrong", next: "unlock it: jcfetch agent unlock" }]);
  });

  it("[CF8] [CF10] doctor and status miss an agent that JCFETCH_AGENT names and that does not answer", async () => {
    await using at = await open("executable");
    await configured(at.terminal, profile("dev", "S3Admin"));
    at.terminal.env.JCFETCH_AGENT = join(at.terminal.home, "forwarded.sock");
    const { code, of } = await examine(at.terminal);
    expect(code).toBe(10);
    expect(of("agent")).toMatchObject([
      { state: "wrong", next: "forward its socket again, or unset JCFETCH_AGENT" },
    ]);
    const agent = await at.terminal.run("agent", "status");
    expect(agent.stdout).toContain("forwarded.sock, which JCFETCH_AGENT");
    expect([agent.code, agent.stderr]).toEqual([7, expect.stringContaining("[agent-away, exit 7]")]);
    // This terminal is paired, and its broker answers; but whoever needs a role asks that agent.
    const status = await at.terminal.run("status", "--json");
    expect([status.code, status.stderr]).toEqual([7, ""]);
    expect(JSON.parse(status.stdout)).toMatchObject({ ready: false, problem: { code: "agent-away" } });
  });

  it("[CF5] [CF7] status shows the clocks of session and role, and the prompt the role's", async () => {
    await using at = await open("executable");
    await configured(at.terminal, profile("dev", "S3Admin"));
    const prompt = () => at.terminal.start([...at.terminal.command, "prompt"], { AWS_PROFILE: "dev" }).ended;
    expect(await prompt()).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect((await at.terminal.run("process", "dev")).code).toBe(0);
    const { stdout } = await at.terminal.run("status");
    expect(stdout).toMatch(/^portal +acme · us-east-1 +\d+ (h|min).* left$/m);
    expect(stdout).toMatch(/^agent +up \d+ s · \d+ MiB · 1 role held$/m);
    expect(stdout).toMatch(/^ {2}dev +999999999999 +S3Admin +\d+ (h|min).* left$/m);
    const { stdout: json } = await at.terminal.run("status", "--json");
    expect(JSON.parse(json)).toMatchObject({
      ready: true,
      portal: { endsAtMs: expect.any(Number) },
      sessions: [],
      agent: { roles: [{ account: "999999999999", role: "S3Admin" }] },
      profiles: [{ name: "dev", endsAtMs: expect.any(Number), refreshing: false }],
    });
    expect((await prompt()).stdout).toMatch(/^dev \d+[hm]\n$/);
    const keys = {
      AWS_SESSION_TOKEN: "t",
      AWS_CREDENTIAL_EXPIRATION: new Date(Date.now() + 200_000).toISOString(),
    };
    const own = await at.terminal.start([...at.terminal.command, "prompt"], { ...keys, JCFETCH_PROFILE: "x" })
      .ended;
    expect(own.stdout).toBe("x 3m!\n");
  });
});
