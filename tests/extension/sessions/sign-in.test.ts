import { describe, expect, it } from "vitest";
import { ACME, Background } from "../messaging/background-world.ts";

const US = "https://console.jumpcloud.com";
const LINK = "https://sso.jumpcloud.com/saml2/aws-acme";
const offline: typeof fetch = () => Promise.reject(new TypeError("offline"));

/** A JumpCloud whose user is signed in and has these links. */
const jumpcloud = (...links: string[]): typeof fetch =>
  (async (input: unknown) => {
    if (String(input) === `${US}/userconsole/api/self`) return Response.json({ firstname: "Ana" });
    return Response.json(links.map((ssoUrl) => ({ name: "aws", displayLabel: "AWS", ssoUrl })));
  }) as typeof fetch;

describe("the sign-in button", () => {
  it("opens the portal that is known, without asking JumpCloud anything", async () => {
    const background = new Background(offline);
    await background.ask("portalAdd", { startUrl: `${ACME}/start/#/?tab=accounts` });
    expect((await background.ask("signIn")).ok).toBe(true);
    expect((await background.ask("signIn", { portal: ACME })).ok).toBe(true);
    expect(background.tabs).toEqual([`${ACME}/start`, `${ACME}/start`]);
    expect(background.asked).toEqual([]);
  });

  it.each([
    ["follows JumpCloud's one link to AWS", jumpcloud(LINK), LINK],
    ["opens JumpCloud where the link is not one", jumpcloud(LINK, `${LINK}-2`), US],
    ["opens JumpCloud when nobody can be asked", offline, US],
  ])("%s, when no portal is known", async (_, network, url) => {
    const background = new Background(network);
    expect((await background.ask("signIn")).ok).toBe(true);
    expect(background.tabs).toEqual([url]);
  });

  it("[SC3] follows JumpCloud's link though a portal is known, where the user asks for that, and keeps it nowhere", async () => {
    const background = new Background(jumpcloud(LINK));
    await background.ask("portalAdd", { startUrl: `${ACME}/start` });
    const tileSeen = async () => {
      const state = await background.ask("state");
      return state.ok && state.value.jumpcloud.tile;
    };
    expect(await tileSeen()).toBe(false);
    await background.ask("checkJumpcloud");
    expect(await tileSeen()).toBe(true);
    expect((await background.ask("signIn", { through: "jumpcloud" })).ok).toBe(true);
    expect(background.tabs).toEqual([LINK]);
    expect(background.dump()).not.toContain(LINK);
  });

  it("[SC4] asks JumpCloud nothing until it is pressed", async () => {
    const background = new Background(jumpcloud(LINK));
    await background.app.started();
    await background.ask("state");
    expect(background.asked).toEqual([]);
    await background.ask("checkJumpcloud");
    expect(background.asked).toEqual([`${US}/userconsole/api/self`, `${US}/userconsole/api/applications`]);
  });

  it("opens nothing for a portal that is not in the list", async () => {
    const background = new Background(offline);
    const answer = await background.ask("signIn", { portal: "https://evil.example" });
    expect(answer).toMatchObject({ problem: { code: "no-portal" } });
    expect(background.tabs).toEqual([]);
  });

  it("[EX9] does not take a look-alike address for a portal", async () => {
    const background = new Background(offline);
    for (const startUrl of [
      "https://view.awsapps.com/start",
      "https://acme.awsapps.com.evil.example/start",
    ]) {
      const answer = await background.ask("portalAdd", { startUrl });
      expect(answer).toMatchObject({ problem: { code: "not-a-portal" } });
    }
    const nowhere = await background.ask("portalAdd", { startUrl: `${ACME}/start`, region: "us-east-9" });
    expect(nowhere).toMatchObject({ problem: { code: "unknown-region" } });
    expect(await background.ask("state")).toMatchObject({ value: { portals: [] } });
  });

  it("asks for the permission that a portal on a newer host needs", async () => {
    const background = new Background(offline);
    const origin = "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws";
    background.refusedHosts.add(`${origin}/*`);
    const add = () => background.ask("portalAdd", { startUrl: `${origin}/#/` });
    expect(await add()).toMatchObject({ problem: { code: "permission" } });
    background.refusedHosts.clear();
    expect(await add()).toEqual({ ok: true, value: { origin } });
    expect(await background.portal(origin)).toMatchObject({ startUrl: origin, status: "signed-out" });
  });
});
