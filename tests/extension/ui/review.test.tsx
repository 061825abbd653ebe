// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import type { PairingTerms } from "../../../extension/src/messaging/terms.ts";
import { currentDirectory } from "../../../extension/src/ui/state.ts";
import { ok, openPopup, refusal } from "./open-popup.tsx";
import { previewOf } from "./preview.ts";
import { STORIES } from "./stories.ts";
import { ACME, accountId, id } from "./story-parts.ts";

const done = ok({ step: "done" as const, did: id<never>("x"), name: "n", here: false });

/** The choice of roles, with a background that says what its own signing would open. */
function choosing(story: string) {
  const state = STORIES[story]!;
  const popup = openPopup(state, {
    pairPreview: (terms) => previewOf(terms as PairingTerms, currentDirectory(state)),
    pairApprove: done,
  });
  const tick = async (role: string): Promise<void> => {
    const label = [...document.querySelectorAll("label.tick")].find((one) => one.textContent.includes(role));
    label!.querySelector("input")!.click();
    await popup.settle();
  };
  const review = async (): Promise<void> => {
    await popup.press("Review");
    await popup.settle();
  };
  const sent = (name: string): PairingTerms[] =>
    popup.asked.filter(([asked]) => asked === name).map(([, body]) => body as PairingTerms);
  return { ...popup, tick, review, sent };
}

const pressed = (popup: ReturnType<typeof choosing>, name: string): string | null =>
  popup.button(name).getAttribute("aria-pressed");

describe("what a pairing gives", () => {
  test.each([
    ["pair-choose", "local", 30 * 24 * 3_600, "sealed", "thinkpad"],
    ["pair-choose-remote", "over SSH from 10.1.2.3", 24 * 3_600, "relay", "build-42"],
  ])(
    "in %s the terminal is shown as %s, and time and mode go by that",
    async (story, way, seconds, mode, name) => {
      const popup = choosing(story);
      expect(popup.find(".card").textContent).toContain(way);
      await popup.tick("ReadOnly");
      await popup.review();
      await popup.press("Give 1 role");
      expect(popup.sent("pairApprove")).toEqual([
        {
          portal: ACME,
          roles: [{ account: accountId(0), role: "ReadOnly" }],
          rules: [],
          mode,
          ask: [],
          sensitive: [],
          unattended: false,
          maxCredentialSeconds: 43_200,
          maxPerMinute: 120,
          networks: { countries: [], asns: [], cidrs: [] },
          lifetimeSeconds: seconds,
          name,
        },
      ]);
    },
  );

  test("[PO4] is shown role by role before it is given, and what is given are the terms that were shown", async () => {
    const popup = choosing("pair-choose");
    await popup.tick("ReadOnly");
    await popup.tick("PowerUser");
    await popup.review();
    expect([...document.querySelectorAll(".opened .role-name")].map((one) => one.textContent)).toEqual([
      "ReadOnly",
      "PowerUser",
    ]);
    await popup.press("Ask me each time for PowerUser");
    await popup.settle();
    await popup.press("ReadOnly only while my browser is open");
    await popup.settle();
    expect(popup.text()).toContain("1 asks you each time, 1 only with this browser");
    await popup.press("Give 2 roles");
    const [given] = popup.sent("pairApprove");
    expect(given).toMatchObject({ mode: "sealed", ask: ["PowerUser"], sensitive: ["ReadOnly"] });
    expect(popup.sent("pairPreview").at(-1)).toEqual(given);
  });

  test("a rule for many roles stands beside the ticks, and shows all that it opens", async () => {
    const popup = choosing("pair-choose");
    await popup.type('input[aria-label="Pattern for roles"]', "Read*");
    await popup.press("Add");
    await popup.review();
    expect(popup.find('.approve-foot [role="status"]').textContent).toMatch(
      /^Opens 307 of your \d+ roles\.$/,
    );
    await popup.press("Give 307 roles");
    expect(popup.sent("pairApprove")[0]).toMatchObject({
      roles: [],
      rules: [{ account: "*", role: "Read*" }],
    });
  });

  test("[PO4] nothing can be given that opens nothing", async () => {
    const popup = choosing("pair-choose");
    await popup.type('input[aria-label="Pattern for roles"]', "Zebra*");
    await popup.press("Add");
    await popup.review();
    expect(popup.text()).toContain("This opens none of your roles.");
    expect(popup.button("Nothing to give").disabled).toBe(true);
  });

  test("why terms cannot be signed is said instead", async () => {
    const popup = openPopup(STORIES["pair-choose"]!, {
      pairPreview: refusal(
        "too-many-roles",
        "these are more roles than one terminal can be given",
        "choose fewer",
      ),
    });
    popup.find<HTMLInputElement>('input[type="checkbox"]').click();
    await popup.settle();
    await popup.press("Review");
    await popup.settle();
    expect(popup.text()).toContain("these are more roles than one terminal can be given");
    expect(popup.button("Nothing to give").disabled).toBe(true);
  });

  test("only a broker elsewhere is told of networks, and what is no network stops the giving", async () => {
    const local = choosing("pair-choose");
    await local.tick("ReadOnly");
    await local.review();
    expect(local.text()).not.toContain("Only from these networks");
    const remote = choosing("pair-choose-remote");
    await remote.tick("ReadOnly");
    await remote.review();
    await remote.type('input[placeholder="192.0.2.0/24"]', "the office");
    expect(remote.text()).toContain("One of the networks cannot be read.");
    expect(remote.button("Nothing to give").disabled).toBe(true);
    await remote.type('input[placeholder="192.0.2.0/24"]', "192.0.2.0/24");
    await remote.type('input[placeholder="DE AT"]', "de, at");
    await remote.type('input[placeholder="AS3320"]', "AS3320");
    await remote.settle();
    await remote.press("Give 1 role");
    const networks = { countries: ["DE", "AT"], asns: [3_320], cidrs: ["192.0.2.0/24"] };
    expect(remote.sent("pairApprove")[0]).toMatchObject({ networks });
  });

  test("a role only the browser serves is no choice where all are served so", async () => {
    const popup = choosing("pair-choose-remote");
    await popup.tick("ReadOnly");
    await popup.review();
    expect(popup.text()).toContain("1 only with this browser");
    expect(() => popup.button("ReadOnly only while")).toThrow();
    expect(pressed(popup, "Ask me each time for ReadOnly")).toBe("false");
  });
});
