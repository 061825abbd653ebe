import { describe, expect, it } from "vitest";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, pageAt } from "../messaging/background-world.ts";

const DEFAULT = "firefox-default";
const WORK = "firefox-container-2";
const TAB = { [DEFAULT]: 1, [WORK]: 7 };
const ROLE = { portal: ACME, account: "999999999999", role: "S3Admin" };
const ofAna = { ...ROLE, format: "sh" };

/** A Firefox in which Ana is signed in as always, and Ben, later and for longer, in a container. */
async function anaAndBen() {
  const sim = await startSim();
  const background = new Background(networkOf(sim));
  const { cookies } = background;
  cookies.stores.splice(0, 1, { id: DEFAULT, tabIds: [1] }, { id: WORK, tabIds: [7] });
  const signIn = async (user: string, storeId: keyof typeof TAB, expirationDate: number) => {
    await cookies.set({ value: sim.signIn(user, "acme"), storeId, expirationDate });
    const hints = { regionHints: ["us-east-1"], generation: "gen3", rows: 3 };
    const sender = pageAt(`${ACME}/start/`, { tab: { id: TAB[storeId] } });
    await background.app.receive({ verb: "portal-hints", body: hints }, sender);
  };
  const now = Date.now() / 1_000;
  await signIn("ana", DEFAULT, now + 3_600);
  await signIn("ben", WORK, now + 7_200);
  const copyIn = (id: number) => {
    const { portal: _portal, ...body } = ofAna;
    return background.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start`, { tab: { id } }));
  };
  return { background, copyIn, signIn, now, [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose]() };
}

const who = async (background: Background) => {
  const portal = await background.portal();
  return [portal?.status, portal?.userName, portal?.others.map(({ userName }) => userName)];
};

describe("several users at one portal", () => {
  it("[SC6] stays with whom the extension acts as, and names who else is signed in", async () => {
    await using world = await anaAndBen();
    const { background } = world;
    expect(await who(background)).toEqual(["live", "ana@acme.example", ["ben@acme.example"]]);
    expect(await background.ask("copyRole", ofAna)).toMatchObject({ ok: true });
    await background.app.started();
    expect(await who(background)).toEqual(["live", "ana@acme.example", ["ben@acme.example"]]);
  });

  it("[SC6] copies in a tab as whoever is signed in there, and acts as the same one as before elsewhere", async () => {
    await using world = await anaAndBen();
    const { background, copyIn } = world;
    expect(await copyIn(TAB[WORK])).toMatchObject({ problem: { code: "role-not-assigned" } });
    expect(await copyIn(TAB[DEFAULT])).toMatchObject({ ok: true });
    expect(await who(background)).toEqual(["live", "ana@acme.example", ["ben@acme.example"]]);
  });

  it("[SC6] gives a tab that belongs to none of several containers nobody's credentials", async () => {
    await using world = await anaAndBen();
    expect(await world.copyIn(99)).toMatchObject({ problem: { code: "signed-out" } });
    expect(world.background.clipboard).toEqual([]);
  });

  it("[SC6] acts as the other one when the user says so: session, list, copies, recents and new tabs are that one's", async () => {
    await using world = await anaAndBen();
    const { background } = world;
    expect(await background.ask("copyRole", ofAna)).toMatchObject({ ok: true });
    const { portal, account } = ROLE;
    expect(await background.ask("rolesOf", { portal, account })).toMatchObject({ ok: true });

    expect(await background.ask("portalUser", { portal: ACME, store: WORK })).toEqual({
      ok: true,
      value: {},
    });
    expect(await who(background)).toEqual(["live", "ben@acme.example", ["ana@acme.example"]]);
    const state = await background.ask("state");
    expect(state).toMatchObject({ value: { copies: [], recents: [] } });
    expect(await background.ask("directory", { portal })).toMatchObject({ value: { roles: {} } });
    expect((await background.directory()).roles[account]).toEqual(["ReadOnly"]);
    expect(await background.ask("copyRole", ofAna)).toMatchObject({ problem: { code: "role-not-assigned" } });
    await background.ask("openConsole", ROLE);
    await background.ask("signIn", { portal: ACME });
    expect(background.tabs.map((tab) => tab.split(" ")[0])).toEqual([WORK, WORK]);

    await background.ask("portalUser", { portal: ACME, store: DEFAULT });
    expect(await background.ask("state")).toMatchObject({ value: { copies: [ROLE] } });
    await background.ask("openConsole", ROLE);
    expect(background.tabs.at(-1)).toMatch(/^https:/);
  });

  it("[SC6] opens no console out of a container where the organization wants none", async () => {
    await using world = await anaAndBen();
    const { background } = world;
    background.policy = { containers: false };
    await background.app.policyChanged();
    await background.ask("portalUser", { portal: ACME, store: WORK });
    expect(await background.ask("openConsole", ROLE)).toMatchObject({ problem: { code: "policy" } });
    expect(background.tabs).toEqual([]);
  });

  it("[SC6] is signed out when its one signs out, and copies for nobody else until the user says so", async () => {
    await using world = await anaAndBen();
    const { background } = world;
    await background.cookies.remove("acme.awsapps.com", DEFAULT);
    expect(await who(background)).toEqual(["signed-out", null, ["ben@acme.example"]]);
    expect(await background.ask("copyRole", ofAna)).toMatchObject({ problem: { code: "signed-out" } });
    expect(background.clipboard).toEqual([]);
    await background.ask("portalUser", { portal: ACME, store: WORK });
    expect(await who(background)).toEqual(["live", "ben@acme.example", []]);
    expect(background.clipboard).toEqual([]); // the copy that waits is not his
  });

  it("[SC6] follows the same person into another container", async () => {
    await using world = await anaAndBen();
    const { background, signIn, now } = world;
    await signIn("ana", WORK, now + 7_200);
    expect(await who(background)).toEqual(["live", "ana@acme.example", []]);
    await background.cookies.remove("acme.awsapps.com", DEFAULT);
    expect(await who(background)).toEqual(["live", "ana@acme.example", []]);
    expect(await background.ask("copyRole", ofAna)).toMatchObject({ ok: true });
  });

  it("[SC6] cannot act as anybody who is not signed in, nor out of a private window", async () => {
    await using world = await anaAndBen();
    const { background, signIn, now } = world;
    background.cookies.stores.push({ id: "firefox-private", tabIds: [9] });
    for (const store of ["firefox-container-9", "firefox-private"]) {
      const answer = await background.ask("portalUser", { portal: ACME, store });
      expect(answer).toMatchObject({ problem: { code: "signed-out" } });
    }
    await signIn("ana", DEFAULT, now + 3_600);
    expect(await who(background)).toEqual(["live", "ana@acme.example", ["ben@acme.example"]]);
  });

  it("[SC6] [PB3] confirms a press on production for whoever pressed, though the tab is gone", async () => {
    await using world = await anaAndBen();
    const { background, signIn, now } = world;
    const { account } = ROLE;
    await background.ask("rulesSet", {
      rules: [{ on: "id", match: account, environment: "prod", tags: [] }],
    });
    await signIn("ana", WORK, now + 7_200);
    expect(await world.copyIn(TAB[WORK])).toEqual({ ok: true, value: { confirm: true } });
    await signIn("ben", WORK, now + 7_200);
    background.cookies.stores.splice(0, 2, { id: DEFAULT, tabIds: [1] });
    await background.cookies.set({ value: "", storeId: WORK });
    await signIn("ben", DEFAULT, now + 9_000);
    const state = await background.ask("state");
    const id = state.ok ? state.value.confirm?.id : undefined;
    expect(await background.ask("confirmCopy", { id })).toMatchObject({
      problem: { code: "signed-out" },
    });
    expect(background.clipboard).toEqual([]);
  });

  it("[SC6] acts as the same one after an update of the extension, and anew after the browser's start", async () => {
    await using world = await anaAndBen();
    const { background } = world;
    background.session.clear();
    await background.start().installed("update");
    expect(await who(background)).toEqual(["live", "ana@acme.example", ["ben@acme.example"]]);
    background.session.clear();
    await background.start().started();
    expect(await who(background)).toEqual(["live", "ben@acme.example", ["ana@acme.example"]]);
  });

  it("[SC6] never acts out of a private window", async () => {
    await using world = await anaAndBen();
    const { background } = world;
    background.cookies.stores.splice(0, 2, { id: "0", tabIds: [1] }, { id: "1", tabIds: [7] });
    background.session.clear();
    await background.start().started();
    expect((await who(background))[0]).not.toBe("live");
  });
});
