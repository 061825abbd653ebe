import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { snapshot } from "../scripts/home.ts";
import { vaultOf } from "../support/databases.ts";
import { type HostileBroker, startHostileBroker } from "../support/hostile-broker.ts";
import type { Finished } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { inParallel, measured, scale } from "./scale.ts";
import { pairedVictim, type Victim } from "./victim.ts";

/*
 * The real command line in bad surroundings: many at once, interrupted, without room, without a terminal. It gives whole
 * credentials or none, leaves whole files or none, and says nothing secret.
 */
let world: TestWorld;
let broker: HostileBroker;
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  world = closing.use(await startWorld());
  broker = closing.use(await startHostileBroker(world.broker));
});
afterAll(() => closing.disposeAsync());

let victim: Victim;
beforeEach(async () => {
  victim = await pairedVictim(world, broker);
});
afterEach(() => victim?.[Symbol.asyncDispose]());

/** Whole credentials or nothing, a success never without; and no secret on stderr. @returns whether they came. */
async function expectWholeOrNothing(finished: Finished): Promise<boolean> {
  const { code, stdout, stderr } = finished;
  if (code === 0 || stdout !== "") expect(JSON.parse(stdout)).toMatchObject({ Version: 1 });
  for (const [what, secret] of await victim.secrets()) expect(stderr, what).not.toContain(secret);
  return stdout !== "";
}

/** Everything that lies in the home folder is a file of ours, whole; no lock, and no file that was not put in place. */
async function expectWholeFiles(): Promise<void> {
  const files = snapshot(victim.terminal.home);
  const names = Object.keys(files).filter((name) => files[name]!.startsWith("file"));
  const strange = names.filter(
    (name) =>
      !/^\.(?:config\/jcfetch\/(?:device\.json|seen\.json|keyset\.jws|counter)|aws\/config(?:\.jcfetch-backup-\d)?)$/.test(
        name,
      ),
  );
  expect(strange).toEqual([]);
  for (const name of names.filter((one) => one.endsWith(".json"))) {
    JSON.parse(await readFile(join(victim.terminal.home, name), "utf8"));
  }
}

describe("many at one time", () => {
  it("D-22: twenty that wait together cost AWS one call", async () => {
    const TOGETHER = 20;
    const before = world.sim.calls("GetRoleCredentials");
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
    const running = Array.from({ length: TOGETHER }, () => victim.fetch());
    for (;;) {
      const { audit } = await vaultOf(world.broker, victim.partner.terminal!.did);
      if (audit!.filter(({ act }) => act === "fetch").length === TOGETHER) break;
    }
    world.sim.faults.clear();
    const all = await Promise.all(running);
    expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(Array(TOGETHER).fill([0, ""]));
    expect(world.sim.calls("GetRoleCredentials") - before).toBe(1);
  });

  it("D-22: a hundred processes all get their credentials", async (test) => {
    const processes = scale(20, 100);
    const before = world.sim.calls("GetRoleCredentials");
    const asked = broker.heard.length;
    const all = await Promise.all(Array.from({ length: processes }, () => victim.fetch()));
    expect(all.filter(({ code }) => code !== 0)).toEqual([]);
    await expectWholeFiles();
    const calls = world.sim.calls("GetRoleCredentials") - before;
    const requests = broker.heard.slice(asked).filter(({ path }) => path === "/v1/credentials").length;
    expect(calls).toBeLessThanOrEqual(processes);
    // Without an agent, one process is one request; with one, it is one call for all: tests/scripts/agent.test.ts.
    measured(test, `${processes} processes, ${requests} requests to the broker, ${calls} calls to AWS`);
  });
});

describe("interrupted", () => {
  /** Interrupt one run of the command after part of the time that it takes, again and again. */
  async function interrupted(points: number, command: readonly string[]): Promise<Finished[]> {
    const startedMs = performance.now();
    await victim.terminal.run(...command);
    const wholeMs = performance.now() - startedMs;
    const ends: Finished[] = [];
    await inParallel(points, 1, async (i) => {
      const running = victim.terminal.jcfetch(...command);
      running.closeInput();
      const timer = setTimeout(() => running.kill("SIGINT"), (wholeMs * 1.1 * i) / points);
      ends.push(await running.ended);
      clearTimeout(timer);
    });
    return ends;
  }

  it("D-22: at fifty points of a fetch, it gives all or nothing, and the next one works", async (test) => {
    const points = scale(8, 50);
    const ends = await interrupted(points, ["process", "999999999999/S3Admin"]);
    let whole = 0;
    for (const end of ends) if (await expectWholeOrNothing(end)) whole += 1;
    await expectWholeFiles();
    expect(await victim.fetch()).toMatchObject({ code: 0 });
    measured(test, `${points} points, ${whole} came through`);
  });

  it("D-22: at fifty points of writing the configuration, the file is the old one or the new one", async (test) => {
    const points = scale(8, 50);
    const path = join(victim.terminal.home, ".aws/config");
    const mine = "# mine\n[profile other]\nregion = eu-west-1\n";
    await mkdir(join(victim.terminal.home, ".aws"));
    await writeFile(path, mine);
    const configure = (profile: string): string[] => [
      ...["configure", "--profile", profile, "--account", "999999999999", "--role", "S3Admin"],
      ...["--region", "us-east-1"],
    ];
    const startedMs = performance.now();
    await victim.terminal.run(...configure("whole"));
    const wholeMs = performance.now() - startedMs;
    const whole = await readFile(path, "utf8");
    expect(whole.startsWith(mine)).toBe(true);
    let written = 0;
    for (let i = 0; i < points; i++) {
      await writeFile(path, mine);
      const running = victim.terminal.jcfetch(...configure("whole"));
      const timer = setTimeout(() => running.kill("SIGINT"), (wholeMs * 1.1 * i) / points);
      await running.ended;
      clearTimeout(timer);
      const found = await readFile(path, "utf8");
      expect([mine, whole]).toContain(found);
      if (found === whole) written += 1;
      await expectWholeFiles();
    }
    measured(test, `${points} points, ${written} written`);
  });
});

/** A small disk of its own in the place of the home folder. @returns `undefined` where nothing may be mounted. */
async function smallDisk(
  home: string,
): Promise<{ full(): void; readOnly(): void; gone(): void } | undefined> {
  const kept = new Map<string, Buffer>();
  const own = join(home, ".config/jcfetch");
  for (const name of ["device.json", "seen.json", "keyset.jws", "counter"]) {
    const bytes = await readFile(join(own, name)).catch(() => undefined);
    if (bytes) kept.set(name, bytes);
  }
  const mount = (...args: string[]): boolean => spawnSync("mount", args).status === 0;
  if (!mount("-t", "tmpfs", "-o", "size=64k,mode=0700", "jcfetch-test", home)) return undefined;
  await mkdir(own, { recursive: true, mode: 0o700 });
  for (const [name, bytes] of kept) await writeFile(join(own, name), bytes, { mode: 0o600 });
  return {
    full: () => void spawnSync("dd", ["if=/dev/zero", `of=${join(home, "filler")}`, "bs=1k"]),
    readOnly: () => void mount("-o", "remount,ro", home),
    gone: () => void spawnSync("umount", [home]),
  };
}

describe("without room or right to write", () => {
  it.for(["full", "readOnly"] as const)(
    "D-22: a home that is %s gets no partial file",
    async (kind, context) => {
      const { home } = victim.terminal;
      const disk = await smallDisk(home);
      if (!disk) return context.skip("only an administrator may mount a disk");
      try {
        expect(await victim.fetch()).toMatchObject({ code: 0 });
        disk[kind]();
        const before = snapshot(home);
        for (const command of [
          ["process", "999999999999/S3Admin"],
          [
            "configure",
            "--profile",
            "a",
            "--account",
            "999999999999",
            "--role",
            "S3Admin",
            "--region",
            "us-east-1",
          ],
          ["status"],
          ["audit"],
        ]) {
          const finished = await victim.terminal.run(...command);
          if (command[0] === "process") await expectWholeOrNothing(finished);
          else if (command[0] === "configure") expect(finished.code).not.toBe(0);
          for (const [what, secret] of await victim.secrets())
            expect(finished.stderr, what).not.toContain(secret);
        }
        expect(changedBetween(before, snapshot(home))).toEqual([]);
      } finally {
        disk.gone();
      }
    },
  );
});

/** Names that came, went, or hold something else; the counter and what was seen may move on where there is room. */
function changedBetween(before: Record<string, string>, after: Record<string, string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter(
    (name) => before[name] !== after[name] && !/\/(?:counter|seen\.json|keyset\.jws)$/.test(name),
  );
}

describe("without a terminal", () => {
  it("D-22: it fetches, and asks for nothing that nobody can answer", async () => {
    const alone = victim.terminal.start(
      [
        "setsid",
        "--wait",
        process.execPath,
        new URL("../../cli/dist/jcfetch.mjs", import.meta.url).pathname,
        "process",
        "999999999999/S3Admin",
      ],
      { DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "" },
    );
    alone.closeInput();
    expect(await expectWholeOrNothing(await alone.ended)).toBe(true);
    const pairing = await victim.terminal.run("pair");
    expect([pairing.code, pairing.stdout]).toEqual([8, ""]);
  });
});
