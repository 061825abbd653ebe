import { expect, it } from "vitest";
import type { ConfirmView } from "../../../extension/src/messaging/view.ts";
import { type Sim, startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, pageAt, signedIn } from "./background-world.ts";

const PAGE = pageAt(`${ACME}/start/`);
/** In the generated part of the world: `Fraud prod 003` and its neighbors. */
const prodAccount = (sim: Sim) =>
  sim.world.directory("acme").spec.accounts.find(({ name }) => / prod \d/.test(name ?? ""))!;

async function start(now?: () => number) {
  const sim = await startSim();
  const background = new Background(networkOf(sim), now ? { now } : {});
  await signedIn(sim, background);
  const { id: account, name, roles } = prodAccount(sim);
  const role = roles[0]!.name;
  const say = (verb: string, body: object) => background.app.receive({ verb, body }, PAGE);
  const waits = async (): Promise<ConfirmView> => {
    const state = await background.ask("state");
    if (!state.ok || !state.value.confirm) throw new Error("nothing waits");
    return state.value.confirm;
  };
  const credentialCalls = (): number =>
    background.asked.filter((url) => url.includes("/federation/credentials")).length;
  return {
    ...{ sim, background, account, role, name, say, waits, credentialCalls },
    press: () => say("copy", { account, role, format: "fish" }),
    [Symbol.asyncDispose]: () => sim.close(),
  };
}

it.each([
  ["account-id", "999999999999"],
  ["role-arn", "arn:aws:iam::999999999999:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_S3Admin_*"],
  [
    "sso-profile",
    `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile Storage-S3Admin]
sso_session = acme
sso_account_id = 999999999999
sso_role_name = S3Admin
`,
  ],
  [
    "process-profile",
    "[profile Storage-S3Admin]\ncredential_process = jcfetch process 999999999999/S3Admin\n",
  ],
])("[PB2] copies the %s of a role, and asks AWS for no credentials", async (what, text) => {
  await using world = await start();
  const body = { account: "999999999999", role: "S3Admin", what };
  expect(await world.say("copy-text", body)).toEqual({ ok: true, value: {} });
  expect(world.background.clipboard).toEqual([text]);
  expect(world.credentialCalls()).toBe(0);
});

it("[PB3] copies a production role once it is confirmed in the popup, and only once", async () => {
  await using world = await start();
  const { background, account, role, name } = world;
  expect(await world.press()).toEqual({ ok: true, value: { confirm: true } });
  expect(background.clipboard).toEqual([]);
  expect(world.credentialCalls()).toBe(0);
  expect(background.popups).toBe(1);
  expect(background.notices.size).toBe(0);

  background.start(); // stopped and woken meanwhile
  const confirm = await world.waits();
  expect(confirm).toMatchObject({ account, role, accountName: name, format: "fish" });
  expect(await background.ask("confirmCopy", { id: confirm.id })).toMatchObject({ ok: true });
  expect(background.clipboard).toEqual([expect.stringContaining("set -gx AWS_ACCESS_KEY_ID")]);
  expect(await background.ask("confirmCopy", { id: confirm.id })).toMatchObject({
    problem: { code: "confirm-over" },
  });
  expect(background.clipboard).toHaveLength(1);
});

it("[PB3] asks before a production role of whoever is signed in where the press was: in a container that is somebody else", async () => {
  await using world = await start();
  const { background, sim, account, role } = world;
  await signedIn(sim, background, "acme", "ben"); // who has no such account
  background.cookies.stores.push({ id: "1", tabIds: [7] });
  await background.cookies.set({ value: sim.signIn("ana", "acme"), storeId: "1" });
  const there = pageAt(`${ACME}/start/`, { tab: { id: 7 } });
  const body = { account, role, format: "fish" };
  expect(await background.app.receive({ verb: "copy", body }, there)).toEqual({
    ok: true,
    value: { confirm: true },
  });
  expect(background.clipboard).toEqual([]);
  expect(await background.ask("confirmCopy", { id: (await world.waits()).id })).toMatchObject({ ok: true });
});

it("[SW9] a copy that waited asks first for a production role, though its account stands in no list yet", async () => {
  await using sim = await startSim();
  const background = new Background(networkOf(sim));
  await background.ask("portalAdd", { startUrl: `${ACME}/start`, region: "us-east-1" });
  await background.cookies.set({ value: sim.signIn("ana", "acme"), domain: "acme.awsapps.com" });
  await background.cookies.remove("acme.awsapps.com"); // whose session it was is known, and no more
  const { id: account, roles } = prodAccount(sim);
  const wish = { portal: ACME, account, role: roles[0]!.name, format: "sh" };
  expect(await background.ask("copyRole", wish)).toMatchObject({ problem: { code: "signed-out" } });
  await background.cookies.set({ value: sim.signIn("ana", "acme"), domain: "acme.awsapps.com" });
  await expect.poll(() => background.notices.size).toBe(1);
  expect(background.clipboard).toEqual([]);
  expect(await background.ask("state")).toMatchObject({ value: { switcher: { waiting: { asks: true } } } });
});

it("[PB3] copies nothing when it is refused in the popup, or when it has waited for a minute", async () => {
  let nowMs = Date.now();
  await using world = await start(() => nowMs);
  await world.press();
  const refused = await world.waits();
  await world.background.ask("confirmDrop", { id: refused.id });
  expect(await world.background.ask("confirmCopy", { id: refused.id })).toMatchObject({ ok: false });

  await world.press();
  const late = await world.waits();
  nowMs += 60_000;
  expect(await world.background.ask("confirmCopy", { id: late.id })).toMatchObject({ ok: false });
  expect(world.background.clipboard).toEqual([]);
  expect(world.credentialCalls()).toBe(0);
});

it("[PB3] gives a page no way to confirm by itself", async () => {
  await using world = await start();
  await world.press();
  const { id } = await world.waits();
  expect(await world.say("confirm-copy", { id })).toMatchObject({ problem: { code: "refused" } });
  expect(world.background.clipboard).toEqual([]);
});

it("[PB3] says it by a notification where the popup cannot be opened", async () => {
  await using world = await start();
  world.background.popupOpens = false;
  await world.press();
  await expect
    .poll(() => [...world.background.notices.values()].map(({ title }) => title))
    .toEqual([`Confirm ${world.role} in ${world.name}`]);
  const { id } = await world.waits();
  await world.background.ask("confirmDrop", { id });
  expect(world.background.notices.size).toBe(0);
});

it("[PB4] tells the page of accounts that have something to show, and no secret", async () => {
  await using world = await start();
  await world.background.ask("labelSet", { portal: ACME, account: "111122223333", label: "Lake" });
  await world.say("copy", { account: "999999999999", role: "ReadOnly", format: "sh" });
  const accounts = [world.account, "111122223333", "999999999999", "200000000005"];
  const reply = await world.say("marks", { accounts });
  expect(reply).toMatchObject({
    value: {
      marks: [
        { account: world.account, environment: "prod", label: null, expiresAtMs: null },
        { account: "111122223333", environment: null, label: "Lake", expiresAtMs: null },
        { account: "999999999999", environment: null, label: null, expiresAtMs: expect.any(Number) },
      ],
    },
  });
  const secret = /AWS_SECRET_ACCESS_KEY="([^"]+)"/.exec(world.background.clipboard[0]!)![1]!;
  expect(JSON.stringify(reply)).not.toContain(secret);
});

it.each([
  ["marks", { accounts: ["111122223333"] }],
  ["copy", { account: "999999999999", role: "S3Admin", format: "sh" }],
  ["copy-text", { account: "999999999999", role: "S3Admin", what: "role-arn" }],
  ["format-set", { format: "fish" }],
  ["portal-hints", { regionHints: [], generation: "unknown", rows: 0 }],
])("[PM5] answers no %s of a page whose portal the user no longer grants", async (verb, body) => {
  await using world = await start();
  const { background } = world;
  await background.ask("labelSet", { portal: ACME, account: "111122223333", label: "Lake" });
  background.scripting.openTabs.set(`${ACME}/start/`, 1);
  const before = background.dump();
  background.refusedHosts.add(`${ACME}/*`);
  expect(await world.say(verb, body)).toMatchObject({ ok: false, problem: { code: "permission" } });
  expect(background.clipboard).toEqual([]);
  expect(background.dump()).toBe(before);
});

it("[PB5] keeps the report of a page that is not recognized, and drops it with the next one that is", async () => {
  await using world = await start();
  world.background.scripting.openTabs.set(`${ACME}/start/`, 1);
  const census = { treeGrid: 0, roleLink: 12 };
  await world.say("portal-hints", { regionHints: [], generation: "unknown", rows: 0, census });
  expect(await world.background.portal()).toMatchObject({ page: "unknown", census });
  const named = { ...census, "acme 111122223333": 1 };
  expect(
    await world.say("portal-hints", { regionHints: [], generation: "unknown", rows: 0, census: named }),
  ).toMatchObject({ problem: { code: "bad-request" } });
  await world.say("portal-hints", { regionHints: [], generation: "gen3", rows: 2 });
  expect(await world.background.portal()).toMatchObject({ page: "gen3", census: null });
});

it("[PB5] tells of the page in front of the user, and forgets those that are closed or elsewhere", async () => {
  await using world = await start();
  const { background } = world;
  const { openTabs } = background.scripting;
  const report = (id: number, generation: string) => {
    const body = { regionHints: [], generation, rows: 0 };
    return background.app.receive({ verb: "portal-hints", body }, pageAt(`${ACME}/start/`, { tab: { id } }));
  };
  const shown = async () => (await background.portal())?.page;
  openTabs.set(`${ACME}/start/#/one`, 11).set(`${ACME}/start/#/two`, 12);
  await report(11, "unknown");
  await report(12, "gen3");
  expect(await shown()).toBe("gen3"); // the popup was opened elsewhere: the one that spoke last
  background.scripting.activeTab = 11;
  expect(await shown()).toBe("unknown");
  background.start();
  expect(await shown()).toBe("unknown");
  openTabs.set(`${ACME}/start/#/three`, 13);
  background.scripting.activeTab = 13;
  expect(await shown()).toBeNull(); // which has not spoken yet
  background.scripting.activeTab = undefined;
  openTabs.delete(`${ACME}/start/#/two`);
  expect(await shown()).toBe("unknown");
  openTabs.delete(`${ACME}/start/#/one`);
  expect(await shown()).toBeNull();
  await report(13, "gen2");
  expect(background.session.dump()).not.toContain("unknown");
});
