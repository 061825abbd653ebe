import { describe, expect, it } from "vitest";
import { MARK_COLORS, MARK_SHAPES } from "../../../extension/src/messaging/portal-mark.ts";
import { markOf } from "../../../extension/src/sessions/portal-marks.ts";
import { ACME, Background } from "../messaging/background-world.ts";

const offline: typeof fetch = () => Promise.reject(new TypeError("offline"));
const GLOBEX = "https://globex.awsapps.com";

describe("the mark of a portal", () => {
  it("[SC5] is made from its address, the same each time, and spread over all colors and shapes", () => {
    const origins = Array.from({ length: 600 }, (_, at) => `https://team-${at}.awsapps.com`);
    const marks = origins.map((origin) => JSON.stringify(markOf(origin)));
    expect(marks).toEqual(origins.map((origin) => JSON.stringify(markOf(origin))));
    expect(new Set(marks).size).toBe(MARK_COLORS.length * MARK_SHAPES.length);
    // Whoever changes how it is made changes what people know their portals by.
    expect(markOf(ACME)).toEqual({ color: "blue", shape: "diamond" });
  });

  it("[SC5] is what the user has chosen, of this portal alone, until the portal is forgotten", async () => {
    const background = new Background(offline);
    for (const origin of [ACME, GLOBEX]) await background.ask("portalAdd", { startUrl: `${origin}/start` });
    const chosen = { color: "pink", shape: "diamond" } as const;
    expect(await background.ask("portalMarkSet", { portal: ACME, mark: chosen })).toMatchObject({ ok: true });
    background.start(); // what was chosen is on disk
    expect((await background.portal(ACME))?.mark).toEqual(chosen);
    expect((await background.portal(GLOBEX))?.mark).toEqual(markOf(GLOBEX));

    await background.ask("portalRemove", { portal: ACME });
    await background.ask("portalAdd", { startUrl: `${ACME}/start` });
    expect((await background.portal(ACME))?.mark).toEqual(markOf(ACME));
  });

  it("[SC5] cannot be chosen for an address that is no portal of the list", async () => {
    const background = new Background(offline);
    const mark = { color: "pink", shape: "diamond" } as const;
    expect(await background.ask("portalMarkSet", { portal: ACME, mark })).toMatchObject({
      problem: { code: "no-portal" },
    });
    expect(background.dump()).not.toContain("portal-marks");
  });
});
