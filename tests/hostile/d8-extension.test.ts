import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BROWSERS, type BrowserName, type Tab } from "../support/either-browser.ts";
import { environmentOf } from "../support/journey.ts";
import { copyButton, press, waitForButton } from "../support/person.ts";
import { confirmVectors } from "./d8-confirm.ts";
import {
  ACCOUNT,
  BEFORE,
  call,
  hostilePortal,
  neighbor,
  nothingComesOf,
  type Opening,
  ORIGIN,
  open,
  ROLE,
  type Scene,
  settled,
  setUp,
} from "./d8-scene.ts";
import { measured } from "./scale.ts";

/** Members of the document that the guard measures a press with. */
const GUARDED = ["visibilityState", "elementsFromPoint", "adoptedStyleSheets", "documentElement"];

/**
 * What a press puts on the clipboard. To read it a page of its own takes the focus: not before the button has said that it is
 * done, where that can be seen. A person whose press was not taken presses once more.
 */
async function copiedBy({ browser }: Scene, name: BrowserName, portal: Tab): Promise<string> {
  const before = await browser.clipboard();
  const pressed = async (): Promise<void> => {
    await portal.toFront();
    await press(portal.screen, copyButton(portal.screen, ACCOUNT, ROLE));
    if (name === "Chromium") await waitForButton(portal.screen as unknown as Page, /^Copied/);
  };
  await pressed().catch(pressed);
  await expect.poll(() => browser.clipboard(), { timeout: 60_000 }).not.toBe(before);
  return browser.clipboard();
}

describe.each(BROWSERS)("D-8: in %s", (name: BrowserName) => {
  let opening: Opening | undefined;
  let scene: Scene;
  beforeAll(async () => {
    opening = await open(name);
    scene = await setUp(name, opening);
  });
  afterAll(() => opening?.journey.close());
  beforeEach((test) => measured(test, name));

  it("D-8: the messages are live: a page of ours gets answers, and changes what is stored", async () => {
    const before = await settled(scene);
    const [prefs, set] = ["prefs", "prefs-set"].map((verb) =>
      scene.target.messages.find((one) => one.verb === verb),
    );
    const send = (message: unknown) =>
      scene.ours.evaluate(`(globalThis.browser ?? chrome).runtime.sendMessage(${JSON.stringify(message)})`);
    expect(await send(prefs)).toMatchObject({ ok: true });
    expect(await send(set)).toMatchObject({ ok: true });
    expect(await settled(scene)).not.toEqual(before);
  });

  it("D-8: another extension gets no answer to any message, and changes nothing", async (test) => {
    await using page = await scene.browser.openExtensionPage("page.html", neighbor);
    const done = await nothingComesOf(scene, () => call(page, "attack", scene.target));
    expect(done).toEqual({ answers: [], found: [] });
    const { messages, ports, paths } = scene.target;
    measured(
      test,
      `${name}: ${messages.length} messages, ${ports.length} ports, ${paths.length} files: 0 answers`,
    );
  });

  it("D-8: another extension can open our pages, as a person can, and sees nothing in them", async () => {
    await using page = await scene.browser.openExtensionPage("page.html", neighbor);
    const { clipboard, credentials } = await settled(scene);
    expect(await call(page, "openPages", scene.target)).toEqual([]);
    // Our own pages look at the terminals when they open: that much happens, and no more.
    expect(await settled(scene)).toMatchObject({ clipboard, credentials });
  });

  it("D-8: nor does its content script in the portal, which can open our shadow root", async () => {
    await using _portal = await hostilePortal(scene);
    await using page = await scene.browser.openExtensionPage("page.html", neighbor);
    const attack = () => call(page, "attackFromPortal", scene.target);
    const [done, ...more] = await nothingComesOf<{ clicked: number; answers: unknown[] }[]>(scene, attack);
    expect(more).toEqual([]);
    expect(done).toMatchObject({ answers: [] });
    // The host and the two halves of the button: it did get inside.
    expect(done!.clicked).toBeGreaterThanOrEqual(3);
  });

  it("D-8: script in the portal gets no answer, no root and no file, and presses in vain", async (test) => {
    await using portal = await hostilePortal(scene);
    const attacks = await nothingComesOf(scene, async () => {
      const done: { pressed: number; got: string[]; answers: unknown[] }[] = [];
      for (const before of BEFORE) {
        await portal.evaluate(before);
        done.push(await call(portal, "hostile.attack", scene.target));
      }
      return done;
    });
    for (const { pressed, got, answers } of attacks) {
      expect({ got, answers }).toEqual({ got: [], answers: [] });
      expect(pressed).toBeGreaterThan(0);
    }
    expect(await portal.evaluate("hostile.roots().length")).toBe(0);
    measured(test, `${name}: ${scene.target.messages.length} messages in 3 ways, 0 answers`);
  });

  it("D-8: a real press on a button that the page has covered copies nothing, whatever stands before the guard's eyes", async () => {
    await using portal = await hostilePortal(scene);
    const button = copyButton(portal.screen, ACCOUNT, ROLE);
    await nothingComesOf(scene, async () => {
      await portal.evaluate(
        `hostile.cover(), hostile.pollute(), hostile.clobber(${JSON.stringify(GUARDED)})`,
      );
      await portal.toFront();
      await press(portal.screen, button.first());
      await settled(scene);
    });
  });

  it("D-8: script in the portal sees no secret while a person copies", async (test) => {
    await using portal = await hostilePortal(scene);
    await portal.evaluate("hostile.pollute()");
    const copied = await copiedBy(scene, name, portal);
    const { AWS_CREDENTIAL_EXPIRATION: _public, ...secret } = environmentOf(copied);
    const secrets = Object.values(secret);
    expect(secrets).toHaveLength(3);

    const all = ["hostile.noted.join()", "hostile.roots().join()", "document.documentElement.outerHTML"];
    const noted = String(await portal.evaluate(all.join(" + ")));
    expect(noted).toContain(ROLE);
    for (const one of secrets) expect(noted.includes(one)).toBe(false);
    expect(await portal.evaluate("hostile.answers")).toEqual([]);
    measured(
      test,
      `${name}: ${noted.length.toLocaleString("en-US")} characters noted by the page, 0 secrets`,
    );
  });

  confirmVectors(name, () => scene);

  it("D-8: the portal cannot go to our pages", async () => {
    for (const path of ["popup.html", "options.html"]) {
      await using portal = await hostilePortal(scene);
      const url = JSON.stringify(`${scene.target.origin}/${path}`);
      const go = `(() => { try { location.assign(${url}); return true; } catch { return false; } })()`;
      await nothingComesOf(scene, async () => {
        // Firefox refuses on the spot; Chromium goes to an error page.
        if (await portal.evaluate(go))
          await expect.poll(() => portal.url()).toBe("chrome-error://chromewebdata/");
        else expect(portal.url()).toContain(ORIGIN);
      });
    }
  });
});
