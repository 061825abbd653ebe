import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import type { Terminal } from "../support/terminal.ts";
import { type PairedDevice, startWorld, type TestUser, type TestWorld } from "../support/world.ts";
import { newTerminalKeys, terminalOf } from "./clone/home.ts";
import { Snapshot } from "./tamper/files.ts";

/* A database is set back, and its user says that the broker may go on: what terminals then say of its record. */

let world: TestWorld;
let user: TestUser;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
  user = await world.enrolledUser();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const FETCH = ["process", "999999999999/S3Admin"] as const;

async function paired(): Promise<{ device: PairedDevice; terminal: Terminal }> {
  const device = await world.pairedDevice({ user, parts: await newTerminalKeys() });
  return { device, terminal: await terminalOf(device) };
}

const outcomeOf = async (terminal: Terminal, ...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await terminal.run(...args);
  return code === 0 ? stdout : (/\[([a-z-]+), exit /.exec(stderr)?.[1] ?? stderr);
};

async function goOn(...devices: readonly PairedDevice[]): Promise<void> {
  const { authority, send } = user.extension;
  const list = { rl: 1, dids: [], locked: [], lock: false };
  expect((await send("/v1/revocations", { revocations: await authority.signRevocations(list) })).status).toBe(
    200,
  );
  for (const { grant } of devices) await world.deposit(user, grant);
}

it("D-16: [AU5] the record is whole again for every terminal, and says where something was lost", async () => {
  const [one, other] = [await paired(), await paired()];
  for (const { terminal } of [one, other]) await outcomeOf(terminal, ...FETCH);
  const early = await Snapshot.take(world.broker, "early");
  await world.broker.restart();
  for (let i = 0; i < 6; i++) expect(await outcomeOf(one.terminal, ...FETCH)).toContain("SecretAccessKey");
  await world.broker.kill();
  await early.restore();
  await world.broker.restart();
  expect(await outcomeOf(one.terminal, ...FETCH)).toBe("state-regressed");
  await goOn(one.device, other.device);

  // The one that has seen more makes the gap; the other finds it.
  for (const { terminal } of [one, other]) {
    expect(await outcomeOf(terminal, "audit", "verify")).toMatch(/^The audit is whole: .* contains number /);
    expect(await outcomeOf(terminal, "audit")).toContain("record goes on behind what was lost");
  }
  expect(await outcomeOf(other.terminal, ...FETCH)).toContain("SecretAccessKey");
  expect(await outcomeOf(one.terminal, "audit", "verify")).toMatch(/^The audit is whole/);
  await Promise.all([one, other].map(({ terminal }) => terminal.close()));
});
