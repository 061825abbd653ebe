// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { reduce } from "../../../extension/src/ui/state.ts";
import { ok, openPopup } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";
import { ACME, GLOBEX, portal, stateOf, view } from "./story-parts.ts";

const cards = (): string[] =>
  [...document.querySelectorAll<HTMLElement>(".session-card")].map((card) => card.textContent ?? "");

describe("the cards of sessions", () => {
  test("[SC1] are opened from the strip, one for each portal and one for JumpCloud, and Escape leads back", async () => {
    const popup = openPopup(STORIES["two-portals"]!);
    await popup.press("JumpCloud: not asked yet; show all sessions");
    expect([...document.querySelectorAll("h2")].map((one) => one.textContent)).toEqual([
      "acme",
      "globex",
      "JumpCloud",
    ]);
    expect(cards()[0]).toMatch(/us-east-1.*7 h 12 m left.*7 hours 12 minutes left.*Signed in as ana/);
    expect(cards()[1]).toMatch(/eu-central-1.*session ended/);
    await popup.key("Escape");
    expect(document.querySelector(".session-card")).toBeNull();
  });

  test("[SC1] are opened by a press on the portal that is shown already, too", async () => {
    const popup = openPopup(STORIES["two-portals"]!);
    await popup.press("Portal acme, us-east-1");
    expect(cards()).toHaveLength(3);
  });

  test("[SC1] name no user and no time left of a session that is over", () => {
    const over = portal({ status: "expired" });
    openPopup(stateOf({ view: view({ portals: [over] }), screen: "sessions" }));
    expect(cards()[0]).toContain("session ended");
    expect(cards()[0]).not.toMatch(/Signed in|left/);
  });

  test.each([
    ["is signed out", portal({ status: "signed-out" }), "Sign in to acme", "signIn"],
    ["has ended", portal({ status: "expired" }), "Sign in to acme", "signIn"],
    ["could not be confirmed", portal({ status: "unconfirmed" }), "Check the session at acme", "portalCheck"],
    ["lives", portal(), "Open portal acme", "signIn"],
  ] as const)("[SC2] offer what helps where a session %s", async (_, one, button, message) => {
    const popup = openPopup(stateOf({ view: view({ portals: [one] }), screen: "sessions" }), {
      signIn: ok({}),
      portalCheck: ok({}),
    });
    await popup.press(button);
    expect(popup.asked[0]).toEqual([message, { portal: ACME }]);
  });

  test("[SC2] ask for exactly what this portal lacks, though another one is shown", async () => {
    const missing = [`${GLOBEX}/*`];
    const other = portal({ origin: GLOBEX, alias: "globex", status: "signed-out", missing });
    const popup = openPopup(stateOf({ view: view({ portals: [portal(), other] }), screen: "sessions" }));
    await popup.press("Allow jcfetch to use globex");
    expect(popup.events).toEqual([`asked for ${GLOBEX}/*`]);
  });

  test("[SC2] lead to the roles of another portal", async () => {
    const popup = openPopup(STORIES.sessions!);
    await popup.press("Roles at globex");
    expect(popup.store.get()).toMatchObject({ screen: "roles", portal: GLOBEX });
  });

  test("[SC3] offer JumpCloud's own link to AWS, where it is known and can lead to one portal only", async () => {
    const popup = openPopup(STORIES["sessions-signed-out"]!, { signIn: ok({}) });
    await popup.press("Sign in through JumpCloud");
    expect(popup.asked).toEqual([["signIn", { through: "jumpcloud" }]]);

    const { jumpcloud } = STORIES["sessions-signed-out"]!.view!;
    const two = [portal({ status: "signed-out" }), portal({ origin: GLOBEX, alias: "globex" })];
    openPopup(stateOf({ view: view({ portals: two, jumpcloud }), screen: "sessions" }));
    expect(cards()[0]).not.toContain("through JumpCloud");
    expect(cards()[2]).toContain("AWS in JumpCloud");
  });

  test("[SC4] say before the press that a phone may be asked, and after it for how long", () => {
    openPopup(STORIES["sessions-signed-out"]!);
    expect(cards()[0]).toContain("JumpCloud may ask you to confirm on your phone");
    openPopup(STORIES["sessions-waiting"]!);
    expect(cards()[0]).toContain("approve it within 42 seconds");
  });

  test("[SC4] ask JumpCloud only when the button is pressed", async () => {
    const popup = openPopup(STORIES.sessions!, { checkJumpcloud: ok({}) });
    expect(popup.asked).toEqual([]);
    await popup.press("JumpCloud: check whether you are signed in");
    expect(popup.asked.map(([name]) => name)).toEqual(["checkJumpcloud", "state"]);
  });

  test("[SC6] name who else is signed in, and the one who acts, and let the user choose", async () => {
    const popup = openPopup(STORIES["sessions-two-users"]!, { portalUser: ok({}) });
    expect(cards()[0]).toContain("ben@acme.example is signed in here too, in another container.");
    expect(popup.find(".strip .where").textContent).toContain("ana@acme.example");
    await popup.press("Use the session of ben@acme.example");
    expect(popup.asked[0]).toEqual(["portalUser", { portal: ACME, store: "firefox-container-2" }]);
    expect(popup.asked.map(([name]) => name)).toContain("directory");
  });

  test("[SC6] keep no row of the one in the list of the other", () => {
    const before = STORIES["sessions-two-users"]!;
    expect(Object.keys(before.directories)).toEqual([ACME]);
    const ben = view({ portals: [portal({ userName: "ben@acme.example" })] });
    expect(reduce(before, { type: "view", view: ben }).directories).toEqual({});
    const gone = view({ portals: [portal({ userName: null, status: "expired" })] });
    expect(Object.keys(reduce(before, { type: "view", view: gone }).directories)).toEqual([ACME]);
  });

  test("[SC5] carry the portal's mark; the strip does where there are several, and the name always stands beside it", () => {
    const signs = (within: string): (string | null)[] =>
      [...document.querySelectorAll(`${within} .portal-sign`)].map((sign) => sign.getAttribute("class"));
    openPopup(STORIES.sessions!);
    const all = ["portal-sign blue", "portal-sign brown", "portal-sign pink"];
    expect(signs(".session-card")).toEqual(all);
    expect(signs(".strip")).toEqual(all);
    for (const sign of document.querySelectorAll(".portal-sign")) {
      const letter = sign.textContent?.toLowerCase() ?? "-";
      expect(sign.parentElement?.querySelector("b, h2")?.textContent).toMatch(new RegExp(`^${letter}`));
    }
    openPopup(STORIES["sessions-signed-out"]!);
    expect(signs(".strip")).toEqual([]);
  });
});
