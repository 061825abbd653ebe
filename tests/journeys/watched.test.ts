import { describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { BROWSERS, openEither } from "../support/either-browser.ts";
import { strangersAmong } from "../support/whom-it-asks.ts";

const BROKER = "http://127.0.0.1:1";
/** Ways to ask somebody, and whom. */
const ASKING = {
  "fetch.example": 'fetch("https://fetch.example/", { mode: "no-cors" })',
  "beacon.example": 'navigator.sendBeacon("https://beacon.example/", "x")',
  "socket.example": 'new WebSocket("wss://socket.example/")',
  "127.0.0.1:2": 'fetch("http://127.0.0.1:2/", { mode: "no-cors" })',
};

describe.each(BROWSERS)("what the journeys look at in %s", (name) => {
  it("shows whomever a page of the extension asks, and of a browser left alone nobody", async () => {
    const part = name === "Firefox" ? "extension-firefox-tested" : "extension-chromium-tested";
    const { path: extension } = await ensureBuilt(part);
    await using browser = await openEither(name, { extension, watched: true });
    await using page = await browser.openExtensionPage("icons/live-16.png");
    expect(strangersAmong(browser.hosts, BROKER)).toEqual([]);
    for (const ask of Object.values(ASKING)) await page.evaluate(`void (${ask})`);
    await expect.poll(() => strangersAmong(browser.hosts, BROKER).sort()).toEqual(Object.keys(ASKING).sort());
  });
});
