import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { say } from "../support/agent.ts";
import { filesBelow, search } from "../support/canaries.ts";
import { allowCode, DIRECT_CONFIG, openDirectTerminal, signInByCode } from "../support/direct.ts";
import { WITHOUT_MEMORY, whyMemory } from "../support/no-memory.ts";
import { Terminal } from "../support/terminal.ts";

/* A sign-in where the system has neither a file system in memory nor a keyring: it is in the agent's memory alone. */

let sim: Sim;
beforeAll(async () => {
  await ensureBuilt("cli");
  sim = await startSim();
});
beforeEach((context) => {
  const why = whyMemory();
  if (why) context.skip(why);
  sim.faults.clear();
});
afterAll(() => sim.close());

async function openTerminal(): Promise<Terminal> {
  const env = { AWS_ENDPOINT_URL_SSO: sim.origin, AWS_ENDPOINT_URL_SSO_OIDC: sim.origin };
  const terminal = await Terminal.open({ agent: true, command: WITHOUT_MEMORY, env });
  await mkdir(join(terminal.home, ".aws"));
  await writeFile(join(terminal.home, ".aws/config"), DIRECT_CONFIG);
  return terminal;
}

const ENDED = { code: 6, stdout: "" };
const tokenSocket = ({ agent }: Terminal): string => join(dirname(agent.socket), "tokens.sock");

/** As the commands of this computer name the session `acme`. */
const ACME = createHash("sha256")
  .update("https://acme.awsapps.com/start\nus-east-1\nsso:account:access")
  .digest("hex")
  .slice(0, 32);

const asked = async (socket: string, request: object): Promise<{ text?: string }> =>
  JSON.parse(await say(socket, `${JSON.stringify({ v: 1, op: "tokens", id: ACME, ...request })}\n`));

describe("a sign-in that only an agent can keep", () => {
  it("[DM5] is kept in its memory, which is said, serves every command, and is on no disk", async () => {
    await using terminal = await openTerminal();
    const login = terminal.jcfetch("login", "--session", "globex", "--device-code");
    await allowCode(sim, login);
    const { code, stderr } = await login.ended;
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("it is kept in memory only: it ends with the agent"),
    ]);
    expect((await terminal.run("process", "globex-core")).code).toBe(0);
    expect((await terminal.run("status")).stdout).toMatch(/sign-in +globex · .* token .* renews by itself/);
    const again = await terminal.run("login", "--session", "globex");
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("already signed in at globex") });
    expect(again.stderr).not.toContain("memory only");
    expect((await terminal.run("profiles", "diff", "--session", "globex")).code).toBe(0);

    const secrets = new Map([...sim.world.sessions.tokenValues].map((token) => [token.slice(0, 6), token]));
    for (const place of [terminal.home, terminal.agent.runtimeDir]) {
      expect(search(await filesBelow(place), secrets)).toEqual([]);
    }
  });

  it("[DM5] ends with the agent: then it is asked for anew", async () => {
    await using terminal = await openTerminal();
    await signInByCode(sim, terminal, "acme");
    expect((await terminal.run("process", "acme-s3")).code).toBe(0);
    await terminal.agent.kill();
    const ended = await terminal.run("process", "acme-s3");
    expect(ended).toMatchObject({
      ...ENDED,
      stderr: expect.stringContaining("jcfetch login --session acme"),
    });
  });

  it("[DM5] is dropped by a lock, under which nobody signs in", async () => {
    await using terminal = await openTerminal();
    await signInByCode(sim, terminal, "acme");
    await terminal.run("agent", "lock");
    const before = sim.calls("RegisterClient");
    const refused = await terminal.run("login", "--session", "acme", "--device-code");
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining("[agent-locked, exit 4]") });
    expect(sim.calls("RegisterClient")).toBe(before);
    expect((await terminal.onConsole("agent", "unlock").ended).code).toBe(0);
    expect(await terminal.run("process", "acme-s3")).toMatchObject(ENDED);
  });

  it("[DM5] is refused before it has begun where there is no agent, with both ways out", async () => {
    await using terminal = await openTerminal();
    terminal.env.JCFETCH_AGENT = "off";
    const before = sim.calls("RegisterClient");
    const refused = await terminal.run("login", "--session", "acme", "--device-code");
    expect(refused).toMatchObject({ code: 11, stdout: "" });
    expect(refused.stderr).toMatch(
      /→ .*unset JCFETCH_AGENT; or set XDG_RUNTIME_DIR .* \[nowhere-to-keep, exit 11\]/,
    );
    expect(sim.calls("RegisterClient")).toBe(before);
  });

  it("[DM11] is forgotten by itself, and the others stay", async () => {
    await using terminal = await openTerminal();
    await signInByCode(sim, terminal, "acme");
    await signInByCode(sim, terminal, "globex");
    for (const profile of ["acme-s3", "globex-core"])
      expect((await terminal.run("process", profile)).code).toBe(0);
    expect((await terminal.run("logout", "--session", "acme")).stderr).toContain(
      "forgot the sign-in of acme",
    );
    expect(await terminal.run("process", "acme-s3")).toMatchObject(ENDED);
    expect((await terminal.agent.status())?.roles).toHaveLength(0);
    expect((await terminal.run("process", "globex-core")).code).toBe(0);
    expect((await terminal.run("logout")).stderr).toContain("forgot the sign-in of globex");
    expect(await terminal.run("process", "globex-core")).toMatchObject(ENDED);
  });

  it("[DM14] can be had by the agent's second socket alone, which is there for nothing else", async () => {
    await using terminal = await openTerminal();
    await signInByCode(sim, terminal, "acme");
    const { socket } = terminal.agent;
    const door = tokenSocket(terminal);
    expect(statSync(door).mode & 0o777).toBe(0o600);
    expect((await asked(door, { act: "read" })).text).toContain("accessToken");
    const { text } = await asked(door, { act: "read" });
    for (const act of ["read", "write"]) {
      const answer = await asked(socket, { act, text });
      expect(answer).toMatchObject({ answer: "failure", failure: { code: "agent-failed" } });
    }
    expect(await asked(door, { act: "dump" })).toEqual({ answer: "other" });
    expect(await asked(door, { act: "write", text: "{}" })).toEqual({ answer: "other" });

    await using usual = await openDirectTerminal(sim, { agent: true });
    await signInByCode(sim, usual.terminal, "acme");
    expect((await usual.terminal.run("process", "acme-s3")).code).toBe(0);
    expect(existsSync(usual.agent.socket)).toBe(true);
    expect(existsSync(join(dirname(usual.agent.socket), "tokens.sock"))).toBe(false);
  });

  it("[DM6] is refreshed once for all who ask at one time", async () => {
    await using terminal = await openTerminal();
    await signInByCode(sim, terminal, "acme");
    const door = tokenSocket(terminal);
    const { text = "" } = await asked(door, { act: "read" });
    const over = JSON.stringify({ ...JSON.parse(text), expiresAtMs: Date.now() - 1 });
    await asked(door, { act: "write", text: over });
    const before = [sim.calls("CreateToken"), sim.calls("GetRoleCredentials")];
    const all = await Promise.all(Array.from({ length: 12 }, () => terminal.run("process", "acme-s3")));
    expect(all.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
    const after = [sim.calls("CreateToken"), sim.calls("GetRoleCredentials")];
    expect(after.map((calls, i) => calls - before[i]!)).toEqual([1, 1]);
  });
});
