import { describe, expect, it } from "vitest";
import { WAITING_ALARM } from "../../../extension/src/roles/waiting-copy.ts";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";

const DAY = 86_400_000;
const STORAGE = "999999999999";
const offline: typeof fetch = () => Promise.reject(new TypeError("offline"));
const role = (account: string, name: string) => ({ portal: ACME, account, role: name });

async function withPortal(options: ConstructorParameters<typeof Background>[1] = {}): Promise<Background> {
  const background = new Background(offline, options);
  await background.ask("portalAdd", { startUrl: `${ACME}/start` });
  return background;
}

async function view(background: Background) {
  const state = await background.ask("state");
  if (!state.ok) throw new Error(state.problem.code);
  return state.value;
}

describe("what the user makes of the list", () => {
  it("[SW2] labels and rules survive a restart, and go with their portal", async () => {
    const background = await withPortal();
    const rules = [{ on: "name", match: "pay*", environment: "prod", tags: ["money"] }];
    await background.ask("rulesSet", { rules });
    await background.ask("labelSet", { portal: ACME, account: STORAGE, label: "  the big one " });
    background.start();
    expect((await view(background)).switcher).toMatchObject({
      rules: { managed: [], own: rules },
      labels: { [ACME]: { [STORAGE]: "the big one" } },
    });
    await background.ask("portalRemove", { portal: ACME });
    expect((await view(background)).switcher.labels).toEqual({});
  });

  it("[SW2] no label can turn the words around it, whether it was typed or came in a file", async () => {
    const background = await withPortal();
    const label = "\u202Edorp\u202C\u0007 lake\u2066";
    await background.ask("labelSet", { portal: ACME, account: STORAGE, label });
    const parts = { prefs: {}, guard: {}, favorites: [], rules: [] };
    const labels = [
      { portal: ACME, account: "111122223333", label },
      { portal: ACME, account: "444455556666", label: "\u202E" },
    ];
    await background.ask("transferApply", { ...parts, labels });
    expect((await view(background)).switcher.labels).toEqual({
      [ACME]: { [STORAGE]: "dorp lake", "111122223333": "dorp lake" },
    });
  });

  it("[SW4] recents weigh how often and how lately, can be forgotten, and are not kept when switched off", async () => {
    let now = Date.UTC(2026, 10, 2);
    const background = await withPortal({ now: () => now });
    const open = (account: string, name: string) => background.ask("openConsole", role(account, name));
    for (let times = 0; times < 3; times += 1) await open("111111111111", "Often");
    now += DAY;
    await open("222222222222", "Lately");
    const names = async () => (await view(background)).recents.map(({ role: name }) => name as string);
    expect(await names()).toEqual(["Often", "Lately"]);
    now += 9 * DAY;
    await open("222222222222", "Lately");
    expect(await names()).toEqual(["Lately", "Often"]);
    await background.ask("recentsClear");
    expect(await names()).toEqual([]);
    await open("111111111111", "Often");
    await background.ask("choicesSet", { recents: false });
    await open("222222222222", "Lately");
    expect(await names()).toEqual([]);
  });

  it("[SW5] a favorite moves among those of its own portal", async () => {
    const background = await withPortal();
    for (const name of ["A", "B", "C"])
      await background.ask("favoriteSet", { ...role(STORAGE, name), on: true });
    await background.ask("favoriteMove", { ...role(STORAGE, "C"), step: -1 });
    await background.ask("favoriteMove", { ...role(STORAGE, "A"), step: -1 });
    expect((await view(background)).favorites.map(({ role: name }) => name as string)).toEqual([
      "A",
      "C",
      "B",
    ]);
  });

  it("[SW8] knows five consoles that were opened from here, until the session's length is over", async () => {
    let now = Date.UTC(2026, 10, 2);
    const background = await withPortal({ now: () => now });
    for (const name of ["A", "B", "C", "D", "E", "F"])
      await background.ask("openConsole", role(STORAGE, name));
    const names = async () => (await view(background)).switcher.opened.map((one) => one.role as string);
    expect(await names()).toEqual(["F", "E", "D", "C", "B"]);
    now += 3_600_000;
    expect(await names()).toEqual([]);
  });

  it("remembers the region of a console that was opened in one", async () => {
    const background = await withPortal();
    const destination = "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1";
    await background.ask("openConsole", { ...role(STORAGE, "A"), destination });
    expect((await view(background)).switcher.regions).toEqual(["eu-west-1"]);
  });
});

describe("a copy that waits for a sign-in", () => {
  const S3 = { ...role(STORAGE, "S3Admin"), format: "sh" };

  async function signedOut(
    sim: Awaited<ReturnType<typeof startSim>>,
    now: () => number = Date.now,
    network = networkOf(sim),
  ) {
    const background = new Background(network, { now, haste: 1_000 });
    await signedIn(sim, background);
    await background.directory();
    await background.cookies.remove("acme.awsapps.com");
    expect(await background.ask("copyRole", S3)).toMatchObject({ problem: { code: "signed-out" } });
    expect((await view(background)).switcher.waiting).toMatchObject({ role: "S3Admin", asks: false });
    return background;
  }
  const clipboard = (background: Background) =>
    background.until("state", async () => background.clipboard[0]);

  it("[SW9] goes on by itself when somebody is signed in again, once, and says so", async () => {
    await using sim = await startSim();
    const background = await signedOut(sim);
    background.start();
    await signedIn(sim, background);
    expect(await clipboard(background)).toContain("AWS_SECRET_ACCESS_KEY");
    await expect.poll(async () => (await view(background)).switcher.waiting).toBeNull();
    await expect.poll(() => background.notices.get("resumed")?.title).toMatch(/^Copied S3Admin/);
    await background.cookies.remove("acme.awsapps.com");
    await signedIn(sim, background);
    await view(background);
    expect(background.clipboard).toHaveLength(1);
  });

  it("[SW9] goes on when the background was stopped between the sign-in and the copy", async () => {
    await using sim = await startSim();
    const network = networkOf(sim);
    const asked = Promise.withResolvers<void>();
    let calls = 0;
    const background = await signedOut(sim, Date.now, (input, init) => {
      if (!String(input).includes("/federation/credentials")) return network(input, init);
      calls += 1;
      if (calls > 1) return network(input, init);
      asked.resolve();
      return new Promise(() => undefined);
    });
    await signedIn(sim, background);
    await asked.promise;
    expect(background.alarms.has(WAITING_ALARM)).toBe(true);
    background.start();
    expect(await clipboard(background)).toContain("AWS_SECRET_ACCESS_KEY");
    await expect.poll(() => background.alarms.has(WAITING_ALARM)).toBe(false);
    expect(background.clipboard).toHaveLength(1);
  });

  it("[SW9] does not go on after five minutes", async () => {
    await using sim = await startSim();
    let now = Date.now();
    const background = await signedOut(sim, () => now);
    now += 5 * 60_000;
    await signedIn(sim, background);
    expect((await view(background)).switcher.waiting).toBeNull();
    expect(background.clipboard).toEqual([]);
    expect(background.notices.has("resumed")).toBe(false);
  });

  it("[SW9] does not go on for another person, and not for the first one after them", async () => {
    await using sim = await startSim();
    const background = await signedOut(sim);
    await signedIn(sim, background, "acme", "ben");
    await background.until("state", async () =>
      (await view(background)).switcher.waiting === null ? true : undefined,
    );
    await background.cookies.remove("acme.awsapps.com");
    await signedIn(sim, background);
    await view(background);
    expect(background.clipboard).toEqual([]);
    expect(background.notices.has("resumed")).toBe(false);
  });

  it("[SW9] waits for a press where nobody knows who asked for it", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: 1_000 });
    await background.ask("portalAdd", { startUrl: `${ACME}/start` });
    expect(await background.ask("copyRole", S3)).toMatchObject({ problem: { code: "signed-out" } });
    await signedIn(sim, background);
    await background.until("state", async () => (await view(background)).switcher.waiting?.asks || undefined);
    await expect.poll(() => background.notices.get("resumed")?.message).toContain("not known");
    expect(background.clipboard).toEqual([]);
  });

  it("[SW9] waits for a press where the role is of production", async () => {
    await using sim = await startSim();
    const background = await signedOut(sim);
    await background.ask("rulesSet", {
      rules: [{ on: "id", match: STORAGE, environment: "prod", tags: [] }],
    });
    await signedIn(sim, background);
    const waiting = await background.until("state", async () => {
      const now = (await view(background)).switcher.waiting;
      return now?.asks ? now : undefined;
    });
    expect(waiting).toMatchObject({ role: "S3Admin", asks: true });
    expect(background.clipboard).toEqual([]);
    expect(background.notices.get("resumed")?.message).toContain("production");
    expect((await background.ask("copyRole", S3)).ok).toBe(true);
    expect((await view(background)).switcher.waiting).toBeNull();
  });
});
