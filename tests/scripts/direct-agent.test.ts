import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { DIRECT_CONFIG, openDirectTerminal, signInByCode } from "../support/direct.ts";
import { type Finished, Terminal } from "../support/terminal.ts";
import { rewriteTokens } from "./direct-tokens.ts";

/* The agent between: what it holds by a sign-in of this terminal's own. */

let sim: Sim;
beforeAll(() => ensureBuilt("cli"));
beforeEach(async () => {
  sim = await startSim();
});
afterEach(() => sim.close());

const PROFILES = { acme: "acme-s3", globex: "globex-core" } as const;
const failed = (all: readonly Finished[]): string[] => [
  ...new Set(all.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)),
];
const keyOf = ({ stdout }: Finished): string => (JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId;

describe("a sign-in of an agent's", () => {
  it.each([
    ["strict", "acme"],
    ["lenient", "globex"],
  ] as const)(
    "[DM6] [AG3] costs a hundred programs one refresh and one call, under %s rotation",
    async (_how, session) => {
      await using direct = await openDirectTerminal(sim, { agent: true });
      const { terminal, memory, agent } = direct;
      await signInByCode(sim, terminal, session);
      await rewriteTokens(memory, { expiresAtMs: Date.now() - 1 });
      const refreshes = sim.calls("CreateToken");
      const all = await Promise.all(
        Array.from({ length: 100 }, () => terminal.run("process", PROFILES[session])),
      );
      expect(failed(all)).toEqual([]);
      expect(new Set(all.map(keyOf)).size).toBe(1);
      expect([sim.calls("CreateToken") - refreshes, sim.calls("GetRoleCredentials")]).toEqual([1, 1]);
      expect((await agent.status())?.roles).toHaveLength(1);
    },
  );

  it("[AG15] goes on where the agent is killed in the middle of a refresh, for one more call at most", async () => {
    await using direct = await openDirectTerminal(sim, { agent: true });
    const { terminal, memory, agent } = direct;
    await signInByCode(sim, terminal, "globex");
    await rewriteTokens(memory, { expiresAtMs: Date.now() - 1 });
    const before = sim.calls("CreateToken");
    sim.faults.add({ operation: "CreateToken", kind: "hold", times: 1 });
    const running = Array.from({ length: 12 }, () => terminal.run("process", "globex-core"));
    await sim.faults.waiting("CreateToken");
    await agent.kill();
    expect(failed(await Promise.all(running))).toEqual([]);
    expect(sim.calls("CreateToken") - before).toBe(2);
  });

  it("[AG11] answers HTTP, if no other session could be meant", async () => {
    await using direct = await openDirectTerminal(sim, { agent: true });
    const { terminal, agent } = direct;
    await signInByCode(sim, terminal, "acme");
    const held = await terminal.run("process", "acme-s3");
    const ask = async (): Promise<string> =>
      (await agent.say("GET /credentials/999999999999/S3Admin HTTP/1.1\r\nHost: localhost\r\n\r\n")).split(
        "\r\n\r\n",
      )[1]!;
    expect(await ask()).toContain(`"code":"not-paired"`);
    const config = join(terminal.home, ".aws/config");
    const [acme] = DIRECT_CONFIG.split("[sso-session globex]");
    await writeFile(config, acme!);
    expect(JSON.parse(await ask()).AccessKeyId).toBe(keyOf(held));
  });

  it("[AG19] is what a shared role comes from, whoever asks for it elsewhere, and without any session there", async () => {
    await using direct = await openDirectTerminal(sim, { agent: true });
    const { terminal } = direct;
    const shared = await terminal.run("agent", "share", "acme-s3");
    expect(shared).toMatchObject({ code: 0 });
    await using other = await Terminal.open({ env: { JCFETCH_AGENT: shared.stdout.trim() } });
    expect((await other.run("process", "999999999999/S3Admin")).stderr).toContain("[sso-expired, exit 6]");
    await signInByCode(sim, terminal, "acme");
    const given = await other.run("process", "999999999999/S3Admin");
    expect(given.stderr).toBe("");
    expect(keyOf(given)).toBe(keyOf(await terminal.run("process", "acme-s3")));
    expect((await other.run("process", "777788889999/Admin")).stderr).toContain("[not-shared, exit 5]");
    expect((await terminal.run("logout")).code).toBe(0);
    expect((await other.run("process", "999999999999/S3Admin")).stderr).toContain("[agent-away, exit 7]");
  });

  it("[AG8] [DM11] holds nothing of whoever was signed in before, nor of a session that was forgotten", async () => {
    await using direct = await openDirectTerminal(sim, { agent: true });
    const { terminal, agent } = direct;
    const fetch = () => terminal.run("process", "999999999999/ReadOnly", "--session", "acme");
    await signInByCode(sim, terminal, "acme");
    const ofAna = await fetch();
    expect(keyOf(await fetch())).toBe(keyOf(ofAna));
    await signInByCode(sim, terminal, "acme", { user: "ben", flags: ["--fresh"] });
    const ofBen = await fetch();
    expect(keyOf(ofBen)).not.toBe(keyOf(ofAna));
    expect(sim.calls("GetRoleCredentials")).toBe(2);

    await terminal.run("logout", "--session", "acme");
    expect(await fetch()).toMatchObject({ code: 6, stdout: "" });
    expect((await agent.status())?.roles ?? []).toEqual([]);
    await signInByCode(sim, terminal, "acme");
    expect((await fetch()).code).toBe(0);
  });

  it("[AG10] is asked for by its session as a whole, and a strange one is refused", async () => {
    await using direct = await openDirectTerminal(sim, { agent: true });
    const { terminal, agent } = direct;
    await signInByCode(sim, terminal, "acme");
    await terminal.run("process", "acme-s3");
    const session = {
      name: "x",
      startUrl: "https://acme.awsapps.com/start",
      region: "us-east-1",
      scopes: [],
    };
    const ask = (change: object): Promise<string> => {
      const source = { kind: "direct", session: { ...session, ...change } };
      const [account, role, caller] = ["999999999999", "S3Admin", { interactive: false }];
      return agent.say(`${JSON.stringify({ v: 1, op: "credentials", source, account, role, caller })}\n`);
    };
    const calls = sim.calls("GetRoleCredentials");
    for (const change of [
      { region: "us-east-1.evil.example" },
      { startUrl: "http://acme.awsapps.com/start" },
      { scopes: "sso:account:access" },
      { more: 1 },
    ]) {
      expect(await ask(change)).not.toContain("credentials");
    }
    expect(await ask({})).toContain("sso-expired"); // nobody has signed in with this scope
    expect(sim.calls("GetRoleCredentials")).toBe(calls);
  });
});
