import { describe, expect, it } from "vitest";
import type { UI_MESSAGES } from "../../../extension/src/messaging/messages.ts";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, pageAt, signedIn } from "../messaging/background-world.ts";

const wish = { portal: ACME, account: "999999999999", role: "S3Admin", format: "sh" };
const MINUTE = 60_000;

async function background(sim: Parameters<typeof networkOf>[0]) {
  let ahead = 0;
  const one = new Background(networkOf(sim), { now: () => Date.now() + ahead });
  await signedIn(sim, one);
  return {
    one,
    /** The computer runs on, and the alarm comes every minute. */
    async pass(minutes: number): Promise<void> {
      for (let minute = 0; minute < minutes; minute += 1) {
        ahead += MINUTE;
        if (one.alarms.has("lock")) await one.app.alarm("lock");
      }
    },
    /** Nothing runs meanwhile. */
    sleep(minutes: number): void {
      ahead += minutes * MINUTE;
    },
    locked: async () => {
      const state = await one.ask("state");
      return state.ok ? state.value.guard.locked : undefined;
    },
  };
}

describe("the lock", () => {
  it("[LK1] is off until somebody wants it", async () => {
    await using sim = await startSim();
    const { one, pass, sleep, locked } = await background(sim);
    one.idleState = "idle";
    await pass(3);
    sleep(600);
    await one.app.idleChanged();
    expect(await locked()).toBeNull();
    expect(one.alarms.has("lock")).toBe(false);
  });

  it("[LK3] gives nothing: no copy, no console, no pairing, no answer to a page; only how things stand, and the way out", async () => {
    await using sim = await startSim();
    const { one, locked } = await background(sim);
    await one.ask("copyRole", wish);
    await one.ask("lockNow");
    expect(await locked()).toBe("user");
    expect(one.clipboard.at(-1)).toBe(" "); // what was copied went with it
    const { portal: _portal, ...body } = wish;
    const calls = one.asked.length;
    expect(await one.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start/`))).toMatchObject({
      problem: { code: "locked" },
    });
    const { format: _format, ...role } = wish;
    const attempts = {
      copyRole: wish,
      openConsole: role,
      pairStart: {},
      pairWords: { words: "a b c" },
      enrol: { code: "jcb1_x" },
      lockAll: { lock: false },
      directory: { portal: ACME },
      signIn: {},
      guardSet: { lockMinutes: 0 },
      copyLog: {},
      approvalAnswer: { id: "x", digits: "12" },
    } as const;
    for (const [name, request] of Object.entries(attempts))
      expect(await one.ask(name as keyof typeof UI_MESSAGES, request), name).toMatchObject({
        problem: { code: "locked" },
      });
    expect(one.asked.slice(calls).filter((url) => url.includes("/federation/"))).toEqual([]);
    expect(one.tabs).toEqual([]);

    await one.ask("unlock");
    expect(await locked()).toBeNull();
    expect(await one.ask("copyRole", wish)).toMatchObject({ ok: true });
  });

  it("[LK3] a copy that was under way when it came leaves nothing on the clipboard", async () => {
    await using sim = await startSim();
    const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const direct = networkOf(sim);
    const one = new Background(async (input, init) => {
      if (!String(input).includes("/federation/credentials")) return direct(input, init);
      asked.resolve();
      await go.promise;
      return direct(input, init);
    });
    await signedIn(sim, one);
    const copying = one.ask("copyRole", wish);
    await asked.promise;
    await one.ask("lockNow");
    go.resolve();
    expect(await copying).toMatchObject({ problem: { code: "locked" } });
    expect(one.clipboard.filter((text) => text !== " ")).toEqual([]);
  });

  it("[LK3] a copy that waited for a sign-in does not go on behind a locked screen, though nobody has looked", async () => {
    await using sim = await startSim();
    const { one } = await background(sim);
    one.idleState = "active";
    await one.ask("guardSet", { lockWithScreen: true });
    await one.cookies.remove("acme.awsapps.com");
    expect(await one.ask("copyRole", wish)).toMatchObject({ problem: { code: "signed-out" } });
    one.idleState = "locked";
    await one.cookies.set({ value: sim.signIn("ana", "acme"), domain: "acme.awsapps.com" });
    await expect.poll(() => one.notices.size).toBe(1); // it says that it was not made
    expect(one.clipboard).toEqual([]);
  });

  it("[LK3] holds for a background that is stopped and started again", async () => {
    await using sim = await startSim();
    const { one, locked } = await background(sim);
    await one.ask("lockNow");
    one.start();
    expect(await locked()).toBe("user");
    expect(await one.ask("copyRole", wish)).toMatchObject({ problem: { code: "locked" } });
  });

  it("[LK1] outlasts an update, which empties the browser's memory, and ends with the browser", async () => {
    await using sim = await startSim();
    const { one, locked } = await background(sim);
    await one.ask("lockNow");
    one.session.clear();
    one.alarms.clear();
    one.start();
    await one.app.installed("update");
    expect(await locked()).toBe("user");
    expect(await one.ask("copyRole", wish)).toMatchObject({ problem: { code: "locked" } });

    one.session.clear();
    one.start();
    await one.app.started();
    expect(await locked()).toBeNull();
    expect(await one.ask("copyRole", wish)).toMatchObject({ ok: true });
  });

  it.each([
    ["idle", "idle"],
    ["locked", "idle"],
  ])("[LK2] comes when the browser says that the computer is %s", async (state, cause) => {
    await using sim = await startSim();
    const { one, pass, locked } = await background(sim);
    one.idleState = "active";
    await one.ask("guardSet", { lockMinutes: 15 });
    await pass(40);
    expect(await locked()).toBeNull();
    one.idleState = state;
    await one.app.idleChanged();
    expect(await locked()).toBe(cause);
  });

  it("[LK2] comes with the screen where that alone is wanted, and not with idleness", async () => {
    await using sim = await startSim();
    const { one, pass, sleep, locked } = await background(sim);
    await one.ask("guardSet", { lockWithScreen: true });
    one.idleState = "idle";
    await pass(2);
    sleep(300);
    expect(await locked()).toBeNull();
    one.idleState = "locked";
    await one.app.idleChanged();
    expect(await locked()).toBe("screen");
  });

  it("[LK2] counts from the last use of the extension where idleness may not be asked for", async () => {
    await using sim = await startSim();
    const { one, pass, locked } = await background(sim);
    await one.ask("guardSet", { lockMinutes: 10 });
    await pass(9);
    await one.ask("copyRole", wish);
    await pass(9);
    expect(await locked()).toBeNull(); // looking is no use
    await pass(1);
    expect(await locked()).toBe("idle");
  });

  it("[LK2] comes after a sleep of the computer before anything is given, though nobody could look", async () => {
    await using sim = await startSim();
    const { one, sleep } = await background(sim);
    one.idleState = "active";
    await one.ask("guardSet", { lockMinutes: 30 });
    sleep(29);
    expect(await one.ask("copyRole", wish)).toMatchObject({ ok: true });
    sleep(31);
    expect(await one.ask("copyRole", wish)).toMatchObject({ problem: { code: "locked" } });
  });

  it("[LK5] is forced by the organization, and cannot be switched off then", async () => {
    await using sim = await startSim();
    const { one, pass, locked } = await background(sim);
    one.policy = { lockAfterMinutes: 5 };
    await one.app.policyChanged();
    expect(one.alarms.has("lock")).toBe(true);
    expect(await one.ask("guardSet", { lockMinutes: 0 })).toMatchObject({ value: { lockMinutes: 5 } });
    expect(await one.ask("state")).toMatchObject({ value: { guard: { managed: ["lockMinutes"] } } });
    await pass(5);
    expect(await locked()).toBe("idle");
  });

  it("[LK1] takes only times between five minutes and two hours", async () => {
    await using sim = await startSim();
    const { one } = await background(sim);
    for (const lockMinutes of [1, 4, 121, -5, 7.5])
      expect(await one.ask("guardSet", { lockMinutes })).toMatchObject({ ok: false });
    for (const lockMinutes of [5, 120, 0])
      expect(await one.ask("guardSet", { lockMinutes })).toMatchObject({ value: { lockMinutes } });
  });
});
