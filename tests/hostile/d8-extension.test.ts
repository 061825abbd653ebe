import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import {
  BROWSERS,
  type BrowserName,
  type EitherBrowser,
  eitherOfChromium,
  eitherOfFirefox,
  type Tab,
} from "../support/either-browser.ts";
import { storedIn } from "../support/extension-state.ts";
import {
  environmentOf,
  GLOBEX,
  type JourneyIn,
  type Opened,
  startFirefoxJourney,
  startJourney,
} from "../support/journey.ts";
import { copyButton, openAccount, press, waitForButton } from "../support/person.ts";
import type { Screen } from "../support/screen.ts";
import { everyLetter, type Letter, PATHS, PORTS } from "./messages.ts";
import { measured } from "./scale.ts";

/*
 * A page of the portal with somebody's script in it, and another extension in the same browser, against ours: with a live
 * session, a broker and a paired terminal, so that there is all to win.
 */

type Journey = JourneyIn<Opened<Screen>, Screen>;

const ORIGIN = new URL(GLOBEX).origin;
/** In the small directory, which is read whole in a moment. */
const ACCOUNT = "555566667777";
const ROLE = "ReadOnly";
/** Members of the document that the guard measures a press with. */
const GUARDED = ["visibilityState", "elementsFromPoint", "adoptedStyleSheets", "documentElement"];
/** What the script in the page does before it attacks: nothing, prototypes polluted, names of the document taken. */
const BEFORE = [
  "",
  "hostile.pollute()",
  'hostile.clobber(["cookie", "location", "defaultView", "forms", "hidden"])',
];
const neighbor = fileURLToPath(new URL("./pages/second-extension", import.meta.url));

interface Target {
  readonly id: string;
  readonly origin: string;
  readonly messages: readonly Letter[];
  readonly ports: readonly string[];
  readonly paths: readonly string[];
}

interface Scene {
  readonly journey: Journey;
  readonly browser: EitherBrowser;
  /** A page of ours, to look at what is stored from. */
  readonly ours: Tab;
  readonly target: Target;
}

type Opening = Pick<Scene, "journey" | "browser">;

/** Unwatched: this page does ask strangers. */
const open = async (name: BrowserName): Promise<Opening> => {
  if (name === "Firefox") {
    const journey = await startFirefoxJourney({ beside: [neighbor], watched: false });
    return { journey: journey as unknown as Journey, browser: eitherOfFirefox(journey.browser) };
  }
  const journey = await startJourney({ beside: [neighbor], watched: false });
  return { journey: journey as unknown as Journey, browser: eitherOfChromium(journey.browser) };
};

async function setUp(name: BrowserName, { journey, browser }: Opening): Promise<Scene> {
  const { path } = await ensureBuilt(
    name === "Firefox" ? "extension-firefox-tested" : "extension-chromium-tested",
  );
  const page = await journey.signedIn("ana", GLOBEX);
  const popup = await journey.enrolledPopup();
  const paired = await journey.paired(popup, [{ search: ACCOUNT, role: ROLE }]);
  expect(paired, paired.stderr).toMatchObject({ code: 0 });
  await popup.close();
  await page.close();

  // An image has the extension's rights like every file of ours, and nothing in it that acts.
  const ours = await browser.openExtensionPage("icons/live-16.png");
  const origin = await browser.originOf(path);
  const id = name === "Firefox" ? "jcfetch@jcfetch.dev" : new URL(origin).host;
  const [, did] = /"did":\s*"([a-z2-7]{26})"/.exec(await storedIn(ours)) ?? [];
  const { letters, unreadable } = everyLetter({ portal: ORIGIN, account: ACCOUNT, role: ROLE, did });
  expect(unreadable).toEqual([]);
  return { journey, browser, ours, target: { id, origin, messages: letters, ports: PORTS, paths: PATHS } };
}

/** Everything that could change, on this side and beyond it. */
async function standing({ journey, browser, ours }: Scene): Promise<Record<string, unknown>> {
  const { sim, broker } = journey;
  return {
    stored: await storedIn(ours),
    asked: broker.log().split("\n").length,
    clipboard: await browser.clipboard(),
    credentials: sim.calls("GetRoleCredentials"),
  };
}

/** What was going on has come to its end: two looks give the same. */
async function settled(scene: Scene): Promise<Record<string, unknown>> {
  let before = await standing(scene);
  await expect
    .poll(
      async () => {
        const last = before;
        before = await standing(scene);
        return JSON.stringify(last) === JSON.stringify(before);
      },
      { timeout: 30_000, interval: 100 },
    )
    .toBe(true);
  return before;
}

async function nothingComesOf<T>(scene: Scene, attack: () => Promise<T>): Promise<T> {
  const before = await settled(scene);
  const result = await attack();
  expect(await standing(scene)).toEqual(before);
  return result;
}

/** The portal with the hostile script in it, and a row of ours in sight. */
async function hostilePortal({ browser }: Scene): Promise<Tab> {
  const early = await readFile(new URL("./pages/portal.js", import.meta.url), "utf8");
  const tab = await browser.newTab(early);
  await tab.goto(GLOBEX);
  await openAccount(tab.screen, ACCOUNT);
  await copyButton(tab.screen, ACCOUNT, ROLE).waitFor();
  return tab;
}

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

const call = (tab: Tab, name: string, argument: unknown): Promise<never> =>
  tab.evaluate(`${name}(${JSON.stringify(argument)})`) as Promise<never>;

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
