import { describe, expect, it } from "vitest";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, pageAt, signedIn } from "../messaging/background-world.ts";

const wish = { portal: ACME, account: "999999999999", role: "S3Admin", format: "sh" };
const SECOND = 1_000;
const CLEARED = " ";
const secretsIn = (text: string): string[] =>
  [...text.matchAll(/AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)="([^"]+)"/g)].map(
    ([, value]) => value as string,
  );

/** A background whose clock is moved by hand, and whose timers of the clipboard never fire: as if it was stopped at once. */
async function background(sim: Parameters<typeof networkOf>[0]) {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const one = new Background(networkOf(sim), { now, haste: (ms) => (ms >= 30 * SECOND ? 1e-3 : 1e3) });
  await signedIn(sim, one);
  return {
    one,
    async pass(ms: number): Promise<void> {
      ahead += ms;
      const due = [...one.alarms].filter(([name, when]) => name === "clipboard" && when <= now());
      for (const [name] of due) {
        one.alarms.delete(name);
        await one.start().alarm(name);
      }
    },
    last: () => one.clipboard.at(-1),
    clip: async () => {
      const state = await one.ask("state");
      return state.ok ? state.value.guard.clip : undefined;
    },
  };
}

describe("the clipboard after a copy", () => {
  it("[CB1] is cleared after a minute, by a background that was stopped in between", async () => {
    await using sim = await startSim();
    const { one, pass, last, clip } = await background(sim);
    await one.ask("copyRole", wish);
    expect(await clip()).toMatchObject({ account: wish.account, role: wish.role, certain: false });
    await pass(59 * SECOND);
    expect(last()).toContain("AWS_ACCESS_KEY_ID");
    await pass(2 * SECOND);
    expect(last()).toBe(CLEARED);
    expect(await clip()).toBeNull();
    expect(one.alarms.has("clipboard")).toBe(false);
  });

  it("[CB1] is cleared for a copy in the portal too", async () => {
    await using sim = await startSim();
    const { one, pass, last } = await background(sim);
    const { portal: _portal, ...body } = wish;
    await one.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start/`));
    expect(last()).toContain("AWS_ACCESS_KEY_ID");
    await pass(61 * SECOND);
    expect(last()).toBe(CLEARED);
  });

  it("[CB1] keeps nothing of the text, not even in the browser's memory", async () => {
    await using sim = await startSim();
    const { one, last } = await background(sim);
    await one.ask("copyRole", wish);
    const values = secretsIn(last()!);
    expect(values).toHaveLength(3);
    for (const value of values) expect(one.dump()).not.toContain(value);
  });

  it("[CB1] takes the time that the user chose, between 30 and 90 seconds, and the organization's before it", async () => {
    await using sim = await startSim();
    const { one, clip } = await background(sim);
    for (const clipboardSeconds of [29, 91, 0, 30.5])
      expect(await one.ask("guardSet", { clipboardSeconds })).toMatchObject({ ok: false });
    await one.ask("guardSet", { clipboardSeconds: 90 });
    await one.ask("copyRole", wish);
    const copiedAtMs = one.now();
    expect((await clip())!.clearsAtMs - copiedAtMs).toBeGreaterThan(80 * SECOND);
    one.policy = { clipboardSeconds: 30 };
    await one.app.policyChanged();
    expect(await one.ask("guardSet", { clipboardSeconds: 90 })).toMatchObject({
      value: { clipboardSeconds: 30 },
    });
    await one.ask("copyRole", wish);
    expect((await clip())!.clearsAtMs - one.now()).toBeLessThanOrEqual(30 * SECOND);
    one.policy = undefined;
    await one.app.policyChanged();
    expect(await one.ask("state")).toMatchObject({ value: { guard: { prefs: { clipboardSeconds: 90 } } } });
  });

  it("[CB2] is left alone when something else lies there, if the user lets us look", async () => {
    await using sim = await startSim();
    const { one, pass, last, clip } = await background(sim);
    one.mayLook = true;
    await one.ask("copyRole", wish);
    expect(await clip()).toMatchObject({ certain: true });
    one.clipboard.push("a line of the user's own");
    await pass(61 * SECOND);
    expect(last()).toBe("a line of the user's own");
    expect(await clip()).toBeNull();
  });

  it("[CB2] is cleared when ours lies there still, also with other ends of lines", async () => {
    await using sim = await startSim();
    const { one, pass, last } = await background(sim);
    one.mayLook = true;
    await one.ask("copyRole", wish);
    one.clipboard.push(`${last()!.trimEnd().replaceAll("\n", "\r\n")}\r\n`);
    await pass(61 * SECOND);
    expect(last()).toBe(CLEARED);
  });

  it("[CB2] is cleared blind when nobody lets us look", async () => {
    await using sim = await startSim();
    const { one, pass, last } = await background(sim);
    await one.ask("copyRole", wish);
    one.clipboard.push("a line of the user's own");
    await pass(61 * SECOND);
    expect(last()).toBe(CLEARED);
  });

  it("[CB3] is not cleared once a page of ours has copied what is no secret", async () => {
    await using sim = await startSim();
    const { one, pass, clip } = await background(sim);
    await one.ask("copyRole", wish);
    await one.ask("clipboardReplaced");
    expect(await clip()).toBeNull();
    await pass(61 * SECOND);
    expect(one.clipboard).toHaveLength(1);
    await one.ask("copyRole", wish);
    const { account, role } = wish;
    const body = { account, role, what: "account-id" };
    await one.app.receive({ verb: "copy-text", body }, pageAt(`${ACME}/start/`));
    await pass(61 * SECOND);
    expect(one.clipboard.slice(2)).toEqual([account]);
  });

  it("[CB4] is cleared at once when the user says so, and at a second copy only for that one", async () => {
    await using sim = await startSim();
    const { one, pass, last } = await background(sim);
    await one.ask("copyRole", wish);
    await pass(40 * SECOND);
    await one.ask("copyRole", { ...wish, format: "fish" });
    await pass(40 * SECOND);
    expect(last()).toContain("set -gx");
    await one.ask("clipboardClear");
    expect(last()).toBe(CLEARED);
    await one.ask("clipboardClear");
    expect(one.clipboard).toHaveLength(3);
  });

  it("[CB1] tries again when the browser does not let it be cleared, and keeps the old countdown when a copy fails", async () => {
    await using sim = await startSim();
    const { one, pass, last, clip } = await background(sim);
    await one.ask("copyRole", wish);
    const before = await clip();
    one.clipboardFault = "clipboard";
    expect(await one.ask("copyRole", wish)).toMatchObject({ problem: { code: "clipboard" } });
    expect(await clip()).toEqual(before);
    await pass(61 * SECOND);
    expect(last()).toContain("AWS_ACCESS_KEY_ID");
    delete one.clipboardFault;
    await pass(31 * SECOND);
    expect(last()).toBe(CLEARED);
  });
});

describe("the log of what was copied", () => {
  it("[CB5] has role, format, times and from where, and no value", async () => {
    await using sim = await startSim();
    const { one, last } = await background(sim);
    await one.ask("copyRole", { ...wish, format: "dotenv" });
    const { portal: _portal, ...body } = wish;
    await one.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start/`));
    const log = await one.ask("copyLog");
    expect(log).toMatchObject({
      value: {
        entries: [
          { portal: ACME, account: wish.account, role: wish.role, format: "sh", from: "portal" },
          { portal: ACME, account: wish.account, role: wish.role, format: "dotenv", from: "popup" },
        ],
      },
    });
    for (const value of secretsIn(last()!)) expect(one.local.dump()).not.toContain(value);
  });

  it("[CB5] can be cleared and switched off, and keeps 200 copies of 30 days at the most", async () => {
    await using sim = await startSim();
    const { one, pass } = await background(sim);
    const entries = async () => {
      const log = await one.ask("copyLog");
      return log.ok ? log.value.entries : [];
    };
    await one.ask("copyRole", wish);
    const [entry] = await entries();
    await one.local.set({ copied: Array.from({ length: 200 }, () => entry) });
    await one.ask("copyRole", { ...wish, format: "json" });
    expect(await entries()).toHaveLength(200);
    expect((await entries())[0]).toMatchObject({ format: "json" });
    await pass(31 * 24 * 3_600 * SECOND);
    expect(await entries()).toEqual([]);

    await one.local.set({ copied: [{ ...entry, atMs: one.now() }] });
    expect(await entries()).toHaveLength(1);
    await one.ask("copyLogClear");
    expect(await entries()).toEqual([]);
    await one.ask("guardSet", { copyLog: false });
    await one.ask("copyRole", wish);
    expect(await entries()).toEqual([]);
  });
});
