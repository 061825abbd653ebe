// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { doneSteps } from "../../../extension/src/ui/welcome.tsx";
import { openPopup } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";
import { portal, stateOf, view } from "./story-parts.ts";

const permission = STORIES.permission!;
const HOSTS = "https://acme.awsapps.com/* https://portal.sso.us-east-1.amazonaws.com/*";

describe("a portal that the browser has not granted", () => {
  it("[PM4] is asked for in one question, first thing after the press", async () => {
    const popup = openPopup(permission);
    popup.button("Allow").click();
    // Before anything was waited for: afterwards the browser would no longer count it as the user's.
    expect(popup.events).toEqual([`asked for ${HOSTS}`]);
    await popup.settle();
  });

  it("[PM4] stays shut when the user says no, and the popup says how to go on", async () => {
    const popup = openPopup(permission, {}, false);
    popup.button("Allow").click();
    await popup.settle();
    await popup.settle();
    expect(document.body.textContent).toContain("the browser was not allowed to reach this address");
    expect(popup.asked.map(([name]) => name)).not.toContain("directory");
    expect(popup.button("Allow")).toBeTruthy();
  });
});

describe("the three steps", () => {
  it.each([
    ["nothing is there", stateOf({ view: view({ portals: [], devices: [] }) }), []],
    ["a portal is known and not granted", permission, []],
    [
      "a portal is granted",
      stateOf({ view: view({ portals: [portal({ status: "signed-out" })], devices: [] }) }),
      ["portal"],
    ],
    ["all is set up", stateOf({}), ["portal", "signIn", "terminal"]],
  ])("[PM6] are done as far as they are, when %s", (_when, state, done) => {
    expect([...doneSteps(state)]).toEqual(done);
  });
});
