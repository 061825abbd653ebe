import { describe, expect, it } from "vitest";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";

const PORTAL = `${ACME}/*`;
const API = "https://portal.sso.us-east-1.amazonaws.com/*";

describe("what the extension may reach", () => {
  it("[PM1] is the portal by its exact host, and the API of its one region, as soon as that is known", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    for (const pattern of [PORTAL, API]) background.refusedHosts.add(pattern);
    const startUrl = `${ACME}/start/#/`;
    expect(await background.ask("portalPreview", { startUrl, hints: [] })).toEqual({
      ok: true,
      value: { startUrl: `${ACME}/start`, alias: "acme", region: null, missing: [PORTAL] },
    });
    const hints = ["nowhere-1", "us-east-1", "eu-west-1"];
    expect(await background.ask("portalPreview", { startUrl, hints })).toMatchObject({
      value: { region: "us-east-1", missing: [PORTAL, API] },
    });
    expect(await background.ask("portalPreview", { startUrl: "https://evil.example", hints })).toMatchObject({
      problem: { code: "not-a-portal" },
    });
    expect(await background.ask("portalAdd", { startUrl })).toMatchObject({
      problem: { code: "permission" },
    });
    expect(background.asked).toEqual([]);
  });

  it.each([
    [
      "commercial, newer",
      "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws",
      "portal.sso.eu-west-1.amazonaws.com",
    ],
    [
      "European sovereign",
      "https://ssoins-0123456789abcdef.portal.eusc-de-east-1.api.amazonwebservices.eu",
      "portal.sso.eusc-de-east-1.amazonaws.eu",
    ],
  ])(
    "[PM1] is known whole from the address of a portal that names its region (%s)",
    async (_kind, origin, api) => {
      await using sim = await startSim();
      const background = new Background(networkOf(sim));
      const missing = [`${origin}/*`, `https://${api}/*`];
      for (const pattern of missing) background.refusedHosts.add(pattern);
      expect(await background.ask("portalPreview", { startUrl: origin, hints: [] })).toMatchObject({
        value: { missing },
      });
    },
  );

  it("[PM4] is looked up anew whenever somebody looks, since it can be taken back at any time", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await signedIn(sim, background);
    expect(await background.portal()).toMatchObject({ missing: [] });
    background.refusedHosts.add(API);
    expect(await background.portal()).toMatchObject({ missing: [API] });
    background.refusedHosts.delete(API);
    expect(await background.portal()).toMatchObject({ missing: [] });
  });

  it("[PM5] goes with the page's script and the session when the user takes it back", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    background.scripting.granted = [PORTAL, API];
    await background.app.permissionsChanged();
    await signedIn(sim, background);
    expect(background.scripting.matches).toContain(`${ACME}/start*`);
    expect(await background.ask("state")).toMatchObject({ value: { granted: [PORTAL, API] } });

    // A browser shows no cookie of a host that is not granted.
    background.scripting.granted = [];
    background.refusedHosts.add(PORTAL);
    await background.cookies.remove("acme.awsapps.com");
    await background.app.permissionsChanged();
    expect(background.scripting.matches).toBeUndefined();
    expect(await background.portal()).toMatchObject({ status: "signed-out", missing: [PORTAL] });
  });

  it("[PM6] is asked for step by step in a tab after the installation, and in none after an update", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    await background.app.installed("update");
    await background.app.installed("browser_update");
    expect(background.tabs).toEqual([]);
    await background.app.installed("install");
    expect(background.tabs).toEqual([expect.stringMatching(/\/welcome\.html$/)]);
  });

  it("[PM6] is not asked for where a portal is granted with the installation", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim));
    background.scripting.granted = [PORTAL];
    await background.app.installed("install");
    expect(background.tabs).toEqual([]);
  });
});
