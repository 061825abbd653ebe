import { describe, expect, it } from "vitest";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, pageAt, signedIn } from "../messaging/background-world.ts";

const copyWish = { portal: ACME, account: "999999999999", role: "S3Admin", format: "sh" };
const hintsFrom = (regionHints: string[], url = `${ACME}/start/`) =>
  [{ verb: "portal-hints", body: { regionHints, generation: "gen3", rows: 1 } }, pageAt(url)] as const;

describe("a portal session", () => {
  it("is found from the cookie and the page's hints, and confirmed by AWS", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    background.scripting.openTabs.set(`${ACME}/start/`, 1);
    await signedIn(sim, background);
    expect(await background.portal()).toMatchObject({
      alias: "acme",
      startUrl: `${ACME}/start`,
      status: "live",
      region: "us-east-1",
      userName: "ana@acme.example",
      directoryId: "d-9067642ab1",
      page: "gen3",
    });
    expect(background.icons.at(-1)).toBe("/icons/live-16.png");
  });

  it("is found under the newer cookie's name too", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    const value = sim.signIn("ana", "globex");
    await background.cookies.set({
      name: "__Host-idc-access-portal-authn",
      domain: "globex.awsapps.com",
      value,
    });
    await background.app.receive(...hintsFrom(["eu-central-1"], "https://globex.awsapps.com/start/"));
    expect(await background.portal("https://globex.awsapps.com")).toMatchObject({ status: "live" });
  });

  it("[EX1] leaves no trace of its token in any storage, however it is used", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    const token = await signedIn(sim, background);
    expect((await background.ask("copyRole", copyWish)).ok).toBe(true);
    await background.ask("rolesOf", { portal: ACME, account: copyWish.account });
    const written = background.dump();
    expect(written).toContain(ACME);
    for (const text of [token, encodeURIComponent(token), btoa(token)]) expect(written).not.toContain(text);
    const secrets = [...background.clipboard[0]!.matchAll(/"([^"]+)"/g)].map(([, value]) => value!);
    for (const secret of secrets.slice(0, 3)) expect(written).not.toContain(secret);
    expect(background.asked.filter((url) => url.includes(token))).toEqual([]);
  });

  it("[EX5] asks no host for a hint that is no region, and takes the first that AWS confirms", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await background.cookies.set({ value: sim.signIn("ana", "acme") });
    await background.app.receive(...hintsFrom(["evil.example/", "us-east-1.evil.example", "", "us-east-1"]));
    expect(await background.portal()).toMatchObject({ status: "live", region: "us-east-1" });
    expect(new Set(background.asked.map((url) => new URL(url).hostname))).toEqual(
      new Set(["portal.sso.us-east-1.amazonaws.com"]),
    );
  });

  it("[EX5] asks nobody when no one has named a region, until the user does", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await background.cookies.set({ value: sim.signIn("ana", "acme") });
    expect(await background.portal()).toMatchObject({ status: "region-unknown", region: null });
    expect(background.asked).toEqual([]);
    expect(await background.ask("copyRole", copyWish)).toMatchObject({ problem: { code: "region-unknown" } });

    const startUrl = `${ACME}/start/#/`;
    expect(await background.ask("portalAdd", { startUrl, region: "us-east-1" })).toMatchObject({ ok: true });
    expect(await background.portal()).toMatchObject({ status: "live", region: "us-east-1" });
  });

  it("is found again in a new browser session, without a visit to the portal", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    background.session.clear();
    await background.start().started();
    expect(await background.portal()).toMatchObject({ status: "live", region: "us-east-1" });
  });

  it("has ended when the cookie goes, and begins anew with the next one", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    await background.cookies.remove("acme.awsapps.com");
    expect(await background.portal()).toMatchObject({ status: "signed-out", expiresAtMs: null });
    expect(await background.ask("copyRole", copyWish)).toMatchObject({ problem: { code: "signed-out" } });
    await background.cookies.set({ value: sim.signIn("ana", "acme") });
    expect(await background.portal()).toMatchObject({ status: "live" });
  });

  it("has ended when AWS says so at a copy, though the cookie is still there", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    sim.endSession(await signedIn(sim, background));
    expect(await background.ask("copyRole", copyWish)).toMatchObject({ problem: { code: "sso-expired" } });
    expect(await background.portal()).toMatchObject({ status: "expired" });
    expect(background.clipboard).toEqual([]);
  });

  it("is only unconfirmed while AWS cannot be reached, and is looked at again later", async () => {
    await using sim = await startSim();
    const network = { fetch: (() => Promise.reject(new TypeError("offline"))) as typeof fetch };
    const background = new Background((...call) => network.fetch(...call));
    await signedIn(sim, background);
    expect(await background.portal()).toMatchObject({ status: "unconfirmed" });
    network.fetch = networkOf(sim);
    const live = await background.until("state", async () => {
      const portal = await background.portal();
      return portal?.status === "live" ? portal : undefined;
    });
    expect(live.region).toBe("us-east-1");
  });

  it("is taken from the store of the tab that asks, where private windows have another", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    background.cookies.stores.push({ id: "1", tabIds: [7] });
    await signedIn(sim, background, "acme", "ben");
    await background.cookies.set({ value: sim.signIn("ana", "acme"), storeId: "1" });
    const body = { account: "999999999999", role: "S3Admin", format: "sh" };
    const from = (id: number) =>
      background.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start`, { tab: { id } }));
    expect(await from(1)).toMatchObject({ problem: { code: "role-not-assigned" } });
    expect(await from(7)).toMatchObject({ ok: true });
  });

  it("is not taken from a cookie of a host below the portal's, however new that is", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background, "acme", "ben");
    const value = sim.signIn("ana", "acme");
    await background.cookies.set({ value, domain: "evil.acme.awsapps.com", expirationDate: 9e9 });
    await background.ask("portalAdd", { startUrl: `${ACME}/start` });
    expect(await background.portal()).toMatchObject({ userName: "ben@acme.example" });
  });

  it("ignores cookies of look-alike names and hosts", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    const value = sim.signIn("ana", "acme");
    await background.cookies.set({ value, name: "x-amz-sso_authn2" });
    await background.cookies.set({ value, domain: "acme.awsapps.com.evil.example" });
    await background.cookies.set({ value, domain: "view.awsapps.com" });
    const state = await background.ask("state");
    expect(state).toMatchObject({ ok: true, value: { portals: [] } });
    expect(background.asked).toEqual([]);
  });
});
