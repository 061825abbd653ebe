import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { isAlive } from "../support/agent.ts";
import { pairedTerminal } from "../support/paired.ts";
import type { Finished } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS } from "./bin.ts";

/* The agent as people have it: the built program, started by its own commands, in a terminal that is really paired. */

const ROLES = ["999999999999/S3Admin", "999999999999/ReadOnly"] as const;
const [S3_ADMIN] = ROLES;

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
beforeEach(() => world.sim.faults.clear());
afterAll(() => world[Symbol.asyncDispose]());

const calls = (): number => world.sim.calls("GetRoleCredentials");
const failed = (all: readonly Finished[]): string[] =>
  all.filter(({ code }) => code !== 0).map(({ stderr }) => stderr);
const ends = (pid: number) => expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
const keyIn = (line: string): string => (JSON.parse(line) as { AccessKeyId: string }).AccessKeyId;

describe("a hundred processes at once, where nothing is held yet", () => {
  it.each(["sealed", "relay"] as const)(
    "[AG3] start one agent, cost one call for each role, and all get their credentials: %s",
    async (mode) => {
      await using at = await pairedTerminal(world, { agent: true, build: "executable", modes: [mode] });
      const { terminal } = at;
      const before = calls();
      // By a shell: a hundred starts would keep this process, in which the browser's side lives, from answering.
      const start = ROLES.map((role) => `"$JCFETCH" process ${role} & `).join("");
      const line = `i=0; while [ $i -lt 50 ]; do ${start} i=$((i+1)); done; wait`;
      const { stdout, stderr } = await terminal.start(["/bin/sh", "-c", line], {
        JCFETCH: terminal.command[0]!,
      }).ended;
      expect(stderr).toBe("");
      const all = stdout.trim().split("\n");
      expect(all).toHaveLength(100);
      expect(calls() - before).toBe(ROLES.length);
      expect(new Set(all.map(keyIn)).size).toBe(ROLES.length);
      expect((await terminal.agent.status())?.roles).toHaveLength(ROLES.length);
    },
  );
});

describe.each(BUILDS)("an agent of the %s", (build) => {
  it("[AG22] holds a role, and little memory", async () => {
    await using at = await pairedTerminal(world, { agent: true, build });
    expect((await at.terminal.run("process", S3_ADMIN)).code).toBe(0);
    const status = (await at.terminal.agent.status())!;
    expect(status.roles).toHaveLength(1);
    // An engine that has nothing to do takes 45 MiB of it under Node, and 20 in the executable.
    expect(status.rssBytes).toBeLessThan((build === "executable" ? 53 : 75) * 1_048_576);
  });

  it("[AG15] that is killed in the middle costs nobody his credentials, and AWS at most one more call", async () => {
    await using at = await pairedTerminal(world, { agent: true, build });
    const { terminal } = at;
    const before = calls();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
    const running = Array.from({ length: 12 }, () => terminal.run("process", S3_ADMIN));
    await expect.poll(() => calls() - before, { timeout: 20_000 }).toBe(1);
    const pid = await terminal.agent.pid();
    await terminal.agent.kill();
    world.sim.faults.clear();
    expect(failed(await Promise.all(running))).toEqual([]);
    expect(calls() - before).toBeLessThanOrEqual(2);
    expect(await terminal.agent.pid()).not.toBe(pid);
  });

  it("[AG12] gives way to a program of other sources, and goes on for one of an older version", async () => {
    await using at = await pairedTerminal(world, { agent: true, build });
    const { terminal } = at;
    await terminal.run("process", S3_ADMIN);
    const { agent } = terminal;
    const pid = await agent.pid();
    const ask = (more: object): Promise<string> => {
      const [account, role] = S3_ADMIN.split("/");
      const source = { kind: "brokered" };
      const request = { v: 1, op: "credentials", source, account, role, caller: { interactive: false } };
      return agent.say(`${JSON.stringify({ ...request, ...more })}\n`);
    };
    expect(await ask({ build: "another", version: "0.0.9" })).toContain('"answer":"credentials"');
    expect(await ask({ folder: "/home/ben/.config/jcfetch" })).toBe('{"answer":"other"}\n');
    expect(await agent.pid()).toBe(pid);
    expect(await ask({ build: "another", version: "0.1.0" })).toBe('{"answer":"leaving"}\n');
    await ends(pid);
    expect((await terminal.run("process", S3_ADMIN)).code).toBe(0);
    expect(await agent.pid()).not.toBe(pid);
  });

  it("[AG16] ends when the terminal signs off, and leaves no socket behind", async () => {
    await using at = await pairedTerminal(world, { agent: true, build });
    const { terminal } = at;
    await terminal.run("process", S3_ADMIN);
    const pid = await terminal.agent.pid();
    expect((await terminal.run("logout")).code).toBe(0);
    await ends(pid);
    expect(existsSync(terminal.agent.socket)).toBe(false);
    expect(readdirSync(terminal.home)).not.toContain("run");
  });
});

describe("an agent", () => {
  it("[AG15] that hangs is given up, and the command does the work itself", async () => {
    await using at = await pairedTerminal(world, { agent: true, build: "executable" });
    const { terminal } = at;
    await terminal.run("process", S3_ADMIN);
    const pid = await terminal.agent.pid();
    process.kill(pid, "SIGSTOP");
    try {
      const startedMs = performance.now();
      expect((await terminal.run("process", S3_ADMIN)).code).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(15_000);
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  it("[AG17] is done without where JCFETCH_AGENT says off, and used where it names a socket", async () => {
    await using at = await pairedTerminal(world, { agent: true });
    const { terminal } = at;
    const with_ = (JCFETCH_AGENT: string) => {
      const running = terminal.start([...terminal.command, "process", S3_ADMIN], { JCFETCH_AGENT });
      running.closeInput();
      return running.ended;
    };
    expect((await with_("off")).code).toBe(0);
    expect(await terminal.agent.status()).toBeUndefined();
    const nobody = await with_(terminal.agent.socket);
    expect([nobody.code, nobody.stdout]).toEqual([7, ""]);
    expect(nobody.stderr).toContain("[agent-away, exit 7]");
    await terminal.run("process", S3_ADMIN);
    // As on another host: no keys there, only the socket.
    await rm(`${terminal.home}/.config`, { recursive: true });
    const before = calls();
    expect((await with_(terminal.agent.socket)).code).toBe(3); // the agent has seen that its own keys are gone
    expect(calls()).toBe(before);
  });

  it("[AG13] that was locked stays so when it is killed, and nothing is given without it either", async () => {
    await using at = await pairedTerminal(world, { agent: true });
    const { terminal } = at;
    await terminal.run("process", S3_ADMIN);
    expect((await terminal.run("agent", "lock")).code).toBe(0);
    expect(await terminal.agent.status()).toMatchObject({ locked: true, roles: [] });
    await terminal.agent.kill();
    const before = calls();
    expect((await terminal.run("process", S3_ADMIN)).stderr).toContain("[agent-locked, exit 4]");
    const status = JSON.parse((await terminal.run("status", "--json")).stdout);
    expect(status).toMatchObject({ ready: false, problem: { code: "agent-locked" } });
    terminal.env.JCFETCH_AGENT = "off";
    expect((await terminal.run("process", S3_ADMIN)).code).toBe(4);
    terminal.env.JCFETCH_AGENT = "";
    expect((await terminal.onConsole("agent", "unlock").ended).code).toBe(0);
    expect(calls()).toBe(before);
    expect((await terminal.run("process", S3_ADMIN)).code).toBe(0);
  });
});
