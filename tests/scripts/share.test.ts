import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { isAlive, say } from "../support/agent.ts";
import { pairedTerminal } from "../support/paired.ts";
import { RemoteHost, whyNoRemoteHost } from "../support/ssh.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS } from "./bin.ts";

/* A socket of the agent on one computer, forwarded by ssh -R to a host that has nothing else of it. */

const SHARED = "999999999999/S3Admin";
const OTHER = "999999999999/ReadOnly";
const reason = whyNoRemoteHost();

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const request = (more: object): string => {
  const [account, role] = SHARED.split("/");
  const source = { kind: "brokered" };
  const whole = { v: 1, op: "credentials", source, account, role, caller: { interactive: false }, ...more };
  return `${JSON.stringify(whole)}\n`;
};

describe.each(BUILDS)("a share of an agent behind ssh -R, with the %s", (build) => {
  it("[AG18] [AG19] [AG17] gives its role and nothing else, to a host without keys and settings", async (context) => {
    if (reason !== undefined) context.skip(reason);
    await using at = await pairedTerminal(world, { agent: true, build });
    await using host = await RemoteHost.open();
    const { terminal } = at;
    const shared = await terminal.run("agent", "share", SHARED);
    expect(shared.stderr).toContain("Shared for 8 h: 999999999999/S3Admin.");
    const pid = await terminal.agent.pid();
    const agent = await host.forwardSocket(shared.stdout.trim());
    const there = (...args: string[]) => {
      const running = host.start([...terminal.command, ...args], { agent });
      running.closeInput();
      return running.ended;
    };

    expect(JSON.parse((await there("process", SHARED)).stdout)).toMatchObject({ AccountId: "999999999999" });
    const run = await there("exec", SHARED, "--static", "--", "/bin/sh", "-c", "echo $AWS_ACCESS_KEY_ID");
    expect(run.stdout).toMatch(/^ASIA/);
    const curl = (role: string) => [
      "curl",
      "-sS",
      "--unix-socket",
      agent,
      `http://jcfetch/credentials/${role}`,
    ];
    expect((await host.start(curl(SHARED)).ended).stdout).toContain("ASIA");
    expect((await host.start(curl(OTHER)).ended).stdout).toMatch(/^\{"code":"not-shared",/);

    const refused = [
      ["process", OTHER],
      ["agent", "status"],
      ["agent", "lock"],
      ["agent", "stop"],
    ];
    for (const args of refused) {
      const { code, stdout, stderr } = await there(...args);
      expect([args, code, stdout]).toEqual([args, 5, ""]);
      expect(stderr).toContain("[not-shared, exit 5]");
    }
    // Whatever program is over there, it does not drive out the one here.
    expect(await say(agent, request({ build: "another", version: "9.9.9" }))).toContain("ASIA");
    expect(await terminal.agent.status()).toMatchObject({ pid, locked: false, roles: [{ role: "S3Admin" }] });
    expect(readdirSync(host.home)).toEqual([".jcfetch.sock"]);
    expect(JSON.parse((await there("status", "--json")).stdout)).toMatchObject({ ready: true, share: agent });
    expect((await there("status")).stdout).toContain("shares some roles with this terminal");
    const doctor = await there("doctor", "--json");
    expect(doctor.stdout).toContain('{"check":"agent","state":"ok","what":"a share of one answers:');
    expect([doctor.code, JSON.parse(doctor.stdout)]).toMatchObject([0, { ok: true }]);

    // As docs/remote.md has it, for AWS's own tools, which know nothing of that variable.
    mkdirSync(join(host.home, ".aws"));
    const line = ["env", `JCFETCH_AGENT=${agent}`, ...terminal.command, "process", SHARED].join(" ");
    writeFileSync(join(host.home, ".aws/config"), `[profile dev]\ncredential_process = ${line}\n`);
    const aws = ["/usr/bin/aws", "configure", "export-credentials", "--profile", "dev"];
    const exported = await host.start(aws).ended;
    expect(exported.stderr).toBe("");
    expect(JSON.parse(exported.stdout)).toMatchObject({ AccessKeyId: expect.stringMatching(/^ASIA/) });

    // Killed, and started again by whoever works here: the way from there is the same.
    await terminal.agent.kill();
    expect(await there("process", SHARED)).toMatchObject({ code: 7, stdout: "" });
    expect((await terminal.run("process", OTHER)).code).toBe(0);
    expect((await there("process", SHARED)).code).toBe(0);

    expect((await terminal.run("agent", "share", "--end")).stderr).toContain("No longer shared: ");
    const after = await there("process", SHARED);
    expect([after.code, after.stdout]).toEqual([7, ""]);
    expect(after.stderr).toContain("[agent-away, exit 7]");
    const status = JSON.parse((await there("status", "--json")).stdout);
    expect(status).toMatchObject({ ready: false, share: null, problem: { code: "agent-away" } });
  });
});

describe("a share of an agent", () => {
  it("[AG18] ends when its time is over, with agent stop, and with a logout", async () => {
    await using at = await pairedTerminal(world, { agent: true, build: "executable" });
    const { terminal } = at;
    const share = async (...more: string[]) =>
      (await terminal.run("agent", "share", SHARED, ...more)).stdout.trim();
    const path = await share("--for", "1s");
    await expect.poll(() => say(path, request({})).catch(String)).toMatch(/"not-shared"|ENOENT/);
    expect(await share()).toBe(path);
    expect(await say(path, request({}))).toContain("ASIA");

    // An upgrade: the agent gives way to another program, and the next one goes on with what is shared.
    const { agent } = terminal;
    const pid = await agent.pid();
    expect(await agent.say(request({ build: "another", version: "0.1.0" }))).toBe('{"answer":"leaving"}\n');
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect((await terminal.run("process", OTHER)).code).toBe(0);
    expect(await say(path, request({}))).toContain("ASIA");

    expect((await terminal.run("agent", "stop")).code).toBe(0);
    await expect.poll(() => existsSync(path)).toBe(false);
    expect((await terminal.run("process", SHARED)).code).toBe(0);
    expect(existsSync(path)).toBe(false);
    await share();
    expect((await terminal.run("logout")).code).toBe(0);
    await expect.poll(() => readdirSync(terminal.agent.runtimeDir)).toEqual([]);
  });

  it("[AG17] is all that a client with JCFETCH_AGENT talks to, and is not told who asks", async () => {
    await using at = await pairedTerminal(world, { agent: true });
    const { terminal } = at;
    const path = join(terminal.agent.runtimeDir, "elsewhere.sock");
    const heard: string[] = [];
    const server = createServer((socket) => {
      socket.on("data", (chunk: Buffer) => {
        heard.push(chunk.toString());
        socket.end('{"answer":"leaving"}\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      const running = terminal.start([...terminal.command, "process", SHARED], { JCFETCH_AGENT: path });
      running.closeInput();
      expect((await running.ended).stderr).toContain("[agent-away, exit 7]");
      expect(heard).toEqual([request({})]);
      expect(await terminal.agent.status()).toBeUndefined();
    } finally {
      server.close();
    }
  });
});
