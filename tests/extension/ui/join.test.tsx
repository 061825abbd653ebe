// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { ok, openPopup, refusal } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";

const noBroker = STORIES["no-broker"]!;
const preview = ok({
  url: "https://broker.acme.example",
  permission: "https://broker.acme.example/*",
  replaces: null,
});
const joined = ok({ url: "https://broker.acme.example", bid: "b" });
const JOIN = "Join broker.acme.example as a member of acme";
const CODE = "jcm1_whole";

describe("the code of a broker that admits members", () => {
  test("[EN10] leads to one button that names broker and portal, and says what it costs", async () => {
    const popup = openPopup(noBroker, { joinPreview: preview, join: joined });
    await popup.type("input.code", CODE);
    expect(popup.asked.map(([name]) => name)).not.toContain("join");
    expect(popup.text()).toContain("your session at acme is shown to broker.acme.example once");
    await popup.press(JOIN);
    expect(popup.events).toEqual(["asked for https://broker.acme.example/*"]);
    const portal = noBroker.portal;
    expect(popup.asked).toContainEqual(["join", { code: CODE, portal }]);
  });

  test("[EN10] is sent nothing when the browser was told no", async () => {
    const popup = openPopup(noBroker, { joinPreview: preview, join: joined }, false);
    await popup.type("input.code", CODE);
    await popup.press(JOIN);
    expect(popup.asked.map(([name]) => name)).not.toContain("join");
    expect(popup.find(".notice.bad").textContent).toContain("allow it");
  });

  test("has no button while nobody is signed in at the portal", async () => {
    const { view } = noBroker;
    const portals = view!.portals.map((one) => ({ ...one, status: "signed-out" as const }));
    const popup = openPopup({ ...noBroker, view: { ...view!, portals } }, { joinPreview: preview });
    await popup.type("input.code", CODE);
    expect(popup.text()).toContain("Sign in there first");
    expect(() => popup.find(".join button")).toThrow();
  });

  test("is told apart from half a code, and a refusal is shown in its own words", async () => {
    const half = openPopup(noBroker, { joinPreview: refusal("code-unreadable", "x", "y") });
    await half.type("input.code", "jcm1_ha");
    expect(half.text()).toContain("This is not a whole code yet.");

    const refused = refusal("not-a-member", "this broker does not admit you", "ask for a code");
    const popup = openPopup(noBroker, { joinPreview: preview, join: refused });
    await popup.type("input.code", CODE);
    await popup.press(JOIN);
    expect(popup.find(".notice.bad").textContent).toContain("this broker does not admit you");
  });

  test("says whose place the broker would take", async () => {
    const replaces = "http://127.0.0.1:8787";
    const popup = openPopup(noBroker, {
      joinPreview: ok({ url: "https://broker.acme.example", permission: null, replaces }),
    });
    await popup.type("input.code", CODE);
    expect(popup.text()).toContain("takes the place of 127.0.0.1:8787, whose terminals are removed");
  });
});
