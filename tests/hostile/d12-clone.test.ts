import { type Device, openDevice } from "@jcfetch/shared/device";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { memory } from "../support/clients.ts";
import type { Terminal } from "../support/terminal.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestUser, type TestWorld } from "../support/world.ts";
import { cloneOf, newTerminalKeys, terminalOf } from "./clone/home.ts";
import { count, measured, random, scale } from "./scale.ts";

/** Only the broker's clock is ahead of the programs': they mend theirs, by ten minutes at the most; so each test has its own. */
let world: TestWorld;
let user: TestUser;
beforeEach(async () => {
  await ensureBuilt("cli");
  world = await startWorld({ clock: "movable" });
  user = await world.enrolledUser();
});
afterEach(() => world?.[Symbol.asyncDispose]());

const pairedTerminal = async (): Promise<Terminal> =>
  terminalOf(await world.pairedDevice({ user, parts: await newTerminalKeys() }));

/** Fetch with the real command line. @returns `ok`, or the code it ended with. */
async function use(terminal: Terminal): Promise<string> {
  const { code, stdout, stderr } = await terminal.run("process", "999999999999/S3Admin");
  if (code === 0 && "SecretAccessKey" in (JSON.parse(stdout) as object)) return "ok";
  expect(stdout).toBe("");
  return /\[([a-z-]+), exit /.exec(stderr)?.[1] ?? stderr;
}

describe("D-12: a terminal's folder that was copied", () => {
  /** O: the owner fetches; C: the copy; -: 121 seconds pass. The last use is the one that must be refused. */
  it.each([
    ["OO-C", "a copy that comes too late"],
    ["CC-O", "an owner who was overtaken"],
    ["OCO-C", "a copy that was quick once"],
    ["OCC-O", "an owner who was quick once"],
    ["OCOC-C", "a copy that stays two minutes and no longer"],
  ])("D-12: is locked with the loser's next use, for both: %s, %s", async (moves) => {
    const owner = await pairedTerminal();
    expect(await use(owner)).toBe("ok");
    const copy = await cloneOf(owner);
    for (const [i, move] of [...moves].entries()) {
      if (move === "-") await world.advance(121);
      else
        expect(await use(move === "O" ? owner : copy), moves.slice(0, i + 1)).toBe(
          i === moves.length - 1 ? "fork" : "ok",
        );
    }
    expect([await use(owner), await use(copy)]).toEqual(["fork", "fork"]);
    await Promise.all([owner.close(), copy.close()]);
    // Another terminal of the same user goes on.
    const other = await pairedTerminal();
    expect(await use(other)).toBe("ok");
    await other.close();
  });
});

/** A device over a network that loses answers after the broker has made them, and that forgets to keep some. */
async function unluckyDevice(of: PairedDevice, next: (below: number) => number): Promise<Device> {
  const kept = memory();
  const lossy: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    if (next(8) > 0) return response;
    await response.arrayBuffer(); // it was all there: the broker has done its part
    throw new TypeError("the connection was cut");
  };
  const { nextCounter, url, now, signing, agreement, grant } = of;
  const saveSeen: typeof kept.saveSeen = async (...seen) => {
    if (next(8) > 0) await kept.saveSeen(...seen);
  };
  const ports = { url, now, nextCounter, fetch: lossy, timeoutMs: 20_000, loadSeen: kept.loadSeen, saveSeen };
  return (await openDevice({ signing, agreement, grant }, ports))!;
}

/** About as long as one fetch takes on a busy machine. */
const KILLED_WITHIN_MS = 400;

describe("D-12: a terminal alone, with a real broker", () => {
  it("D-12: is never locked, however its answers are lost: one at a time, and eight", async (context) => {
    await using alone = await startWorld({ clock: "movable" });
    const next = random();
    const paired = await alone.pairedDevice();
    const device = await unluckyDevice(paired, next);
    const fetches = scale(160, 4_000);
    const outcomes = new Map<string, number>();
    const fetchOnce = async (): Promise<void> => {
      const answer = await device.credentials(S3_ADMIN);
      const outcome = answer.ok ? "ok" : answer.error.code;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    let done = 0;
    for (let together = 1; done < fetches; together = together === 1 ? 8 : 1) {
      await Promise.all(Array.from({ length: together }, fetchOnce));
      done += together;
      // A minute has room for so many; an hour's portal session is long enough for the rest.
      if (done % 3 === 0) await alone.advance([1, 30, 121][next(3)]!);
      if (paired.user.tokenExpiresAt < alone.now() / 1_000 + 600) {
        alone.signIn(paired.user, {});
        await alone.deposit(paired.user, paired.grant);
      }
    }
    expect([...outcomes.keys()].sort()).toEqual(["broker-unreachable", "ok"]);
    measured(
      context,
      `${count(done)} fetches, ${count(outcomes.get("broker-unreachable")!)} without an answer`,
    );
  });

  it("D-12: is not locked when its program is killed at any moment", async (context) => {
    const next = random();
    const terminal = await pairedTerminal();
    const kills = scale(10, 200);
    for (let i = 0; i < kills; i++) {
      const running = terminal.jcfetch("process", "999999999999/S3Admin");
      running.closeInput();
      const timer = setTimeout(() => running.kill("SIGKILL"), next(KILLED_WITHIN_MS));
      await running.ended;
      clearTimeout(timer);
    }
    expect(await use(terminal)).toBe("ok");
    await terminal.close();
    measured(context, `${count(kills)} programs killed within ${KILLED_WITHIN_MS} ms`);
  });
});
