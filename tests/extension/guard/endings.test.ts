import { describe, expect, it } from "vitest";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";

const wish = { portal: ACME, account: "999999999999", role: "S3Admin", format: "sh" };
const MINUTE = 60_000;

async function background(sim: Parameters<typeof networkOf>[0]) {
  let ahead = 0;
  const one = new Background(networkOf(sim), { now: () => Date.now() + ahead });
  await signedIn(sim, one);
  return {
    one,
    /** To just behind the alarm. @returns how many minutes that took */
    async toAlarm(): Promise<number> {
      const ms = one.alarms.get("ending")! - one.now();
      ahead += ms + 1;
      one.alarms.delete("ending");
      await one.start().alarm("ending");
      return Math.round(ms / MINUTE);
    },
    titles: () => [...one.notices.values()].map(({ title }) => title),
  };
}

describe("notices of what ends", () => {
  it("[CB6] are not given to whoever has not asked for them", async () => {
    await using sim = await startSim();
    const { one, titles } = await background(sim);
    await one.ask("copyRole", wish);
    expect(one.alarms.has("ending")).toBe(false);
    await one.app.alarm("ending");
    expect(titles()).toEqual([]);
  });

  it("[CB6] name the role some minutes before the end, once, and lead to it without a write to the clipboard", async () => {
    await using sim = await startSim();
    const { one, toAlarm, titles } = await background(sim);
    await one.ask("guardSet", { noticeMinutes: 10 });
    const copied = await one.ask("copyRole", wish);
    if (!copied.ok) throw new Error(copied.problem.code);
    const minutes = Math.round((copied.value.expiresAtMs - one.now()) / MINUTE);
    expect(await toAlarm()).toBe(minutes - 10);
    expect(titles()).toEqual(["S3Admin in 999999999999 ends in 10 minutes"]);
    one.notices.clear();
    await one.app.alarm("ending");
    expect(titles()).toEqual([]);

    await one.app.notificationClicked(
      `ending copy ${ACME} ${wish.account} ${wish.role} ${copied.value.expiresAtMs}`,
    );
    expect(one.popups).toBe(1);
    const { format: _format, ...role } = wish;
    expect(await one.ask("state")).toMatchObject({ value: { guard: { wanted: role } } });
    expect(one.clipboard).toHaveLength(1);
    await one.ask("wantedTaken");
    expect(await one.ask("state")).toMatchObject({ value: { guard: { wanted: null } } });
  });

  it("[CB6] speak of a portal session ten minutes before its end", async () => {
    await using sim = await startSim();
    const { one, toAlarm, titles } = await background(sim);
    await one.ask("guardSet", { noticeSession: true });
    await toAlarm();
    expect(titles()).toEqual(["Your session at acme ends in 10 minutes"]);
  });
});
