import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { describe, expect, it } from "vitest";
import { startSim } from "../../sim/start.ts";
import { startWorld } from "../../support/world.ts";
import { ACME, Background, networkOf, pageAt, signedIn } from "../messaging/background-world.ts";

const GLOBEX = "https://globex.awsapps.com";
const wish = { portal: ACME, account: "999999999999", role: "S3Admin", format: "sh" };
const refused = { ok: false, problem: { code: "policy" } };

describe("what the company lays down", () => {
  it("[MP1] is nothing where the browser has no policy for us", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    expect(await background.ask("copyRole", wish)).toMatchObject({ ok: true });
    expect(await background.ask("state")).toMatchObject({
      value: { organization: { portals: null, formats: null, faults: [] } },
    });
  });

  it("[MP2] keeps every other portal out, also one that was known, and makes the pinned one known", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    background.policy = { portals: [`${GLOBEX}/start`] };
    await background.app.policyChanged();

    const state = await background.ask("state");
    expect(state.ok && state.value.portals.map(({ origin }) => origin)).toEqual([GLOBEX]);
    expect(await background.ask("copyRole", wish)).toMatchObject({ problem: { code: "no-portal" } });
    expect(await background.ask("portalAdd", { startUrl: ACME })).toMatchObject(refused);
    expect(await background.ask("signIn", { portal: ACME })).toMatchObject({
      problem: { code: "no-portal" },
    });
    const body = { account: wish.account, role: wish.role, format: "sh" };
    const fromPage = await background.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start/`));
    expect(fromPage).toMatchObject(refused);
    expect(background.clipboard).toEqual([]);

    await signedIn(sim, background, "globex");
    expect(await background.portal(GLOBEX)).toMatchObject({ status: "live" });
  });

  it("[MP2] lets a portal back in when the policy goes", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    background.policy = { portals: [] };
    await background.app.policyChanged();
    await signedIn(sim, background);
    expect(await background.portal()).toBeUndefined();
    background.policy = undefined;
    await background.app.policyChanged();
    await background.app.receive(
      { verb: "portal-hints", body: { regionHints: ["us-east-1"], generation: "gen3", rows: 1 } },
      pageAt(`${ACME}/start/`),
    );
    expect(await background.portal()).toMatchObject({ status: "live" });
  });

  it("[MP4] refuses a format that is not allowed, from the page and from the popup, and offers one that is", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    background.policy = { formats: ["dotenv"] };
    await signedIn(sim, background);
    expect(await background.ask("copyRole", wish)).toMatchObject(refused);
    const body = { account: wish.account, role: wish.role, format: "sh" };
    const fromPage = await background.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start/`));
    expect(fromPage).toMatchObject(refused);
    expect(background.clipboard).toEqual([]);
    expect(await background.ask("state")).toMatchObject({ value: { prefs: { format: "dotenv" } } });
    expect(await background.ask("copyRole", { ...wish, format: "dotenv" })).toMatchObject({ ok: true });
  });

  it("[MP4] refuses to copy from the popup where only the portal may", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    background.policy = { popupCopy: false };
    await signedIn(sim, background);
    expect(await background.ask("copyRole", wish)).toMatchObject(refused);
    const body = { account: wish.account, role: wish.role, format: "sh" };
    const fromPage = await background.app.receive({ verb: "copy", body }, pageAt(`${ACME}/start/`));
    expect(fromPage).toMatchObject({ ok: true });
  });
});

describe("a pinned broker", () => {
  it("[MP3] is the only one to enrol at, and another that was enrolled at is not spoken to any more", async () => {
    await using world = await startWorld();
    const { url, bid } = world.broker;
    const code = await encodeBrokerAddress({ bid: bid as BrokerId, url });
    const background = new Background(networkOf(world.sim));
    await signedIn(world.sim, background);

    for (const broker of [{ url: "https://broker.example.com" }, { url, id: "A".repeat(43) }]) {
      background.policy = { broker };
      await background.app.policyChanged();
      expect(await background.ask("join", { code, portal: ACME })).toMatchObject(refused);
    }
    background.policy = { broker: { url, id: bid } };
    await background.app.policyChanged();
    expect(await background.ask("join", { code, portal: ACME })).toMatchObject({ ok: true });
    expect(await background.ask("state")).toMatchObject({ value: { broker: { status: "ok" } } });

    background.policy = { broker: { url: "https://broker.example.com" } };
    await background.app.policyChanged();
    background.asked.length = 0;
    expect(await background.ask("state")).toMatchObject({ value: { broker: { status: "none" } } });
    expect(await background.ask("pairStart")).toMatchObject({ problem: { code: "no-broker" } });
    expect(background.asked.filter((asked) => asked.startsWith(url))).toEqual([]);
  });
});
