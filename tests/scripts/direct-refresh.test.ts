import { chmod, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { openDirectTerminal, signInByCode } from "../support/direct.ts";
import type { Terminal } from "../support/terminal.ts";
import { rewriteTokens } from "./direct-tokens.ts";

let sim: Sim;
beforeAll(() => ensureBuilt("cli"));
beforeEach(async () => {
  sim = await startSim();
});
afterEach(() => sim.close());

const PROFILES = { acme: "acme-s3", globex: "globex-core" } as const;
type Session = keyof typeof PROFILES;

async function signedIn(session: Session, memory: string, terminal: Terminal) {
  await signInByCode(sim, terminal, session);
  const refreshes = () => sim.calls("CreateToken") - before;
  const ends = (inMs: number) => rewriteTokens(memory, { expiresAtMs: Date.now() + inMs });
  const before = sim.calls("CreateToken");
  return { refreshes, ends, fetch: () => terminal.run("process", PROFILES[session]) };
}

const MINUTE = 60_000;

describe("a sign-in that is refreshed", () => {
  it("[DM6] is refreshed once by a hundred programs without an agent, where each token counts once", async () => {
    await using direct = await openDirectTerminal(sim);
    const { refreshes, ends, fetch } = await signedIn("acme", direct.memory, direct.terminal);
    await ends(-1);
    const all = await Promise.all(Array.from({ length: 100 }, fetch));
    expect(all.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
    expect(all.every(({ stdout }) => JSON.parse(stdout).Version === 1)).toBe(true);
    expect(refreshes()).toBe(1);
  });

  it("[DM6] goes on where the program that refreshed was killed", async () => {
    await using direct = await openDirectTerminal(sim);
    const { refreshes, ends, fetch } = await signedIn("globex", direct.memory, direct.terminal);
    await ends(-1);
    sim.faults.add({ operation: "CreateToken", kind: "hold", times: 1 });
    const first = direct.terminal.jcfetch("process", "globex-core");
    await sim.faults.waiting("CreateToken");
    const waiting = Array.from({ length: 10 }, fetch);
    first.kill("SIGKILL");
    const all = await Promise.all(waiting);
    expect(all.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
    expect(refreshes()).toBe(2);
    expect(
      (await readdir(join(direct.memory, "jcfetch/sessions"))).filter((name) => /lock/.test(name)),
    ).toEqual([]);
  });

  it("[DM6] is used until its end while AWS does not refresh it, and AWS is asked once a minute", async () => {
    await using direct = await openDirectTerminal(sim);
    const { refreshes, ends, fetch } = await signedIn("acme", direct.memory, direct.terminal);
    await ends(20 * MINUTE);
    expect((await fetch()).code).toBe(0);
    expect(refreshes()).toBe(0);
    await ends(5 * MINUTE);
    sim.faults.add({ operation: "CreateToken", kind: "error" });
    const first = await fetch();
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toMatch(/AWS did not give a usable answer; your sign-in is good for 4 min more/);
    expect(await fetch()).toMatchObject({ code: 0, stderr: "" });
    expect(refreshes()).toBe(1);
    await ends(-1);
    expect(await fetch()).toMatchObject({ code: 7, stdout: "" });
    sim.faults.clear();
    expect((await fetch()).code).toBe(0);
  });

  it("[DM7] is refreshed once when the portal refuses its token before its time", async () => {
    await using direct = await openDirectTerminal(sim);
    const { refreshes, fetch } = await signedIn("acme", direct.memory, direct.terminal);
    sim.faults.add({ operation: "GetRoleCredentials", kind: "unauthorized", times: 1 });
    expect((await fetch()).code).toBe(0);
    expect([refreshes(), sim.calls("GetRoleCredentials")]).toEqual([1, 2]);
  });

  it("[DM7] is over when AWS says so, which is told at once and starts no sign-in", async () => {
    await using direct = await openDirectTerminal(sim);
    const { refreshes, ends, fetch } = await signedIn("acme", direct.memory, direct.terminal);
    for (const session of sim.world.sessions.all) session.revoked = true;
    await ends(-1);
    const registered = sim.calls("RegisterClient");
    const over = await fetch();
    expect(over).toMatchObject({ code: 6, stdout: "" });
    expect(over.stderr).toContain("→ sign in: jcfetch login --session acme");
    expect((await fetch()).code).toBe(6);
    expect([refreshes(), sim.calls("RegisterClient") - registered]).toEqual([1, 0]);
  });

  it("[DM7] is forgotten when not even a new token works", async () => {
    await using direct = await openDirectTerminal(sim);
    const { refreshes, fetch } = await signedIn("acme", direct.memory, direct.terminal);
    sim.faults.add({ operation: "GetRoleCredentials", kind: "unauthorized" });
    expect((await fetch()).code).toBe(6);
    expect((await fetch()).code).toBe(6);
    expect([refreshes(), sim.calls("GetRoleCredentials")]).toEqual([1, 2]);
  });

  it("[CR4] tells a role that is not assigned, throttling and a silent AWS apart", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal } = direct;
    await signedIn("acme", direct.memory, terminal);
    const refused = await terminal.run("process", "999999999999/NoSuchRole", "--session", "acme");
    expect(refused).toMatchObject({ code: 5, stdout: "" });
    expect(refused.stderr).toContain("[role-not-assigned");
    sim.faults.add({ operation: "GetRoleCredentials", kind: "throttle" });
    expect((await terminal.run("process", "acme-s3")).stderr).toContain("[upstream-throttled, exit 7]");
  });
});

describe("the place of a sign-in", () => {
  it("[DM5] is refused where others could open it, or where it is a link", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal, memory } = direct;
    const { fetch } = await signedIn("acme", memory, terminal);
    const folder = join(memory, "jcfetch/sessions");
    const file = (await readdir(folder)).find((name) => name.endsWith(".json")) ?? "";
    for (const [path, mode] of [
      [folder, 0o755],
      [join(folder, file), 0o640],
    ] as const) {
      await chmod(path, mode);
      const exposed = await fetch();
      expect(exposed).toMatchObject({ code: 10, stdout: "" });
      expect(exposed.stderr).toContain("[sessions-exposed");
      await chmod(path, mode & 0o700);
    }
    expect((await fetch()).code).toBe(0);

    await using other = await openDirectTerminal(sim);
    await symlink(join(memory, "jcfetch"), join(other.memory, "jcfetch"));
    expect((await other.terminal.run("process", "acme-s3")).stderr).toContain("[sessions-exposed");
  });
});
