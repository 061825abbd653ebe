import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { rewriteTokens } from "../scripts/direct-tokens.ts";
import type { AgentAt } from "../support/agent.ts";
import { openDirectTerminal, signInByCode } from "../support/direct.ts";
import { pairedTerminal } from "../support/paired.ts";
import type { Running, Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { measured, scale } from "./scale.ts";

/*
 * Many processes at one time where nothing is good any more, in each way in which a terminal comes by credentials. Each costs
 * AWS one refresh and one call for each role; where the agent is killed in the middle, at most one more.
 */

interface Way {
  readonly name: string;
  /** What is typed for each role. */
  readonly roles: readonly [string, string];
  open(): Promise<Opened>;
}

interface Opened extends AsyncDisposable {
  readonly terminal: Terminal;
  readonly agent: AgentAt;
}

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
beforeEach(() => world.sim.faults.clear());
afterAll(() => world[Symbol.asyncDispose]());

const PAIRED = ["999999999999/S3Admin", "999999999999/ReadOnly"] as const;

const brokered = (mode: "sealed" | "relay"): Way => ({
  name: mode,
  roles: PAIRED,
  async open() {
    const at = await pairedTerminal(world, { agent: true, build: "executable", modes: [mode] });
    return { ...at, agent: at.terminal.agent };
  },
});

const direct = (name: string, session: string, roles: Way["roles"]): Way => ({
  name: `direct, under ${name} rotation`,
  roles: [`${roles[0]} --session ${session}`, `${roles[1]} --session ${session}`],
  async open() {
    const at = await openDirectTerminal(world.sim, { agent: true });
    await signInByCode(world.sim, at.terminal, session);
    await rewriteTokens(at.memory, { expiresAtMs: Date.now() - 1 });
    return at;
  },
});

const WAYS: readonly Way[] = [
  brokered("sealed"),
  brokered("relay"),
  direct("strict", "acme", PAIRED),
  direct("lenient", "globex", ["777788889999/Admin", "666677778888/Betrieb"]),
];

const calls = () => ({
  refreshes: world.sim.calls("CreateToken"),
  fetches: world.sim.calls("GetRoleCredentials"),
});

/** By a shell: so many starts would keep this process, in which the browser's side lives, from answering. */
function started(terminal: Terminal, each: number, roles: readonly string[]): Running {
  const one = roles.map((role) => `{ "$JCFETCH" process ${role} || echo failed; } & `).join("");
  const line = `i=0; while [ $i -lt ${each} ]; do ${one} i=$((i+1)); done; wait`;
  const running = terminal.start(["/bin/sh", "-c", line], { JCFETCH: terminal.command[0]! });
  running.closeInput();
  return running;
}

/** All got whole credentials. @returns how many different ones. */
async function keysOf(running: Running, processes: number): Promise<number> {
  const { stdout, stderr } = await running.ended;
  expect(stderr).toBe("");
  const keys = stdout
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { AccessKeyId: string }).AccessKeyId);
  expect(keys).toHaveLength(processes);
  return new Set(keys).size;
}

describe.each(WAYS)("many processes at once: $name", ({ name, roles, open }) => {
  const processes = scale(16, 100);
  const isDirect = name.startsWith("direct");

  it("D-22: cost one refresh and one call for each role, and all get their credentials", async (test) => {
    await using at = await open();
    const before = calls();
    expect(await keysOf(started(at.terminal, processes / 2, roles), processes)).toBe(2);
    const after = calls();
    expect(after.fetches - before.fetches).toBe(2);
    expect(after.refreshes - before.refreshes).toBe(isDirect ? 1 : 0);
    measured(test, `${name}: ${processes} processes, 2 roles, ${after.fetches - before.fetches} calls`);
  });

  it("D-22: lose nothing where the agent is killed in the middle, for at most one more call", async (test) => {
    await using at = await open();
    const before = calls();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
    const running = started(at.terminal, processes, roles.slice(0, 1));
    await world.sim.faults.waiting("GetRoleCredentials");
    await at.agent.kill();
    world.sim.faults.clear();
    await keysOf(running, processes);
    const after = calls();
    expect(after.fetches - before.fetches).toBeLessThanOrEqual(2);
    expect(after.refreshes - before.refreshes).toBe(isDirect ? 1 : 0);
    // The sign-in, or the pairing, is as good as before.
    expect(await keysOf(started(at.terminal, 1, roles.slice(0, 1)), 1)).toBe(1);
    measured(
      test,
      `${name}: ${processes} processes, a killed agent, ${after.fetches - before.fetches} calls`,
    );
  });
});
