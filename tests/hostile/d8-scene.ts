import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import {
  type BrowserName,
  type EitherBrowser,
  eitherOfChromium,
  eitherOfFirefox,
  type Tab,
} from "../support/either-browser.ts";
import { storedIn } from "../support/extension-state.ts";
import {
  GLOBEX,
  type JourneyIn,
  type Opened,
  startFirefoxJourney,
  startJourney,
} from "../support/journey.ts";
import { copyButton, openAccount } from "../support/person.ts";
import type { Screen } from "../support/screen.ts";
import { everyLetter, type Letter, PATHS, PORTS } from "./messages.ts";

/*
 * A page of the portal with somebody's script in it, and another extension in the same browser, against ours: with a live
 * session, a broker and a paired terminal, so that there is all to win.
 */

type Journey = JourneyIn<Opened<Screen>, Screen>;

export const ORIGIN = new URL(GLOBEX).origin;
/** In the small directory, which is read whole in a moment. */
export const ACCOUNT = "555566667777";
export const ROLE = "ReadOnly";
/** What the script in the page does before it attacks: nothing, prototypes polluted, names of the document taken. */
export const BEFORE = [
  "",
  "hostile.pollute()",
  'hostile.clobber(["cookie", "location", "defaultView", "forms", "hidden"])',
];
export const neighbor = fileURLToPath(new URL("./pages/second-extension", import.meta.url));

export interface Target {
  readonly id: string;
  readonly origin: string;
  readonly messages: readonly Letter[];
  readonly ports: readonly string[];
  readonly paths: readonly string[];
}

export interface Scene {
  readonly journey: Journey;
  readonly browser: EitherBrowser;
  /** A page of ours, to look at what is stored from. */
  readonly ours: Tab;
  readonly target: Target;
}

export type Opening = Pick<Scene, "journey" | "browser">;

/** Unwatched: this page does ask strangers. */
export const open = async (name: BrowserName): Promise<Opening> => {
  if (name === "Firefox") {
    const journey = await startFirefoxJourney({ beside: [neighbor], watched: false });
    return { journey: journey as unknown as Journey, browser: eitherOfFirefox(journey.browser) };
  }
  const journey = await startJourney({ beside: [neighbor], watched: false });
  return { journey: journey as unknown as Journey, browser: eitherOfChromium(journey.browser) };
};

export async function setUp(name: BrowserName, { journey, browser }: Opening): Promise<Scene> {
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
export async function settled(scene: Scene): Promise<Record<string, unknown>> {
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

export async function nothingComesOf<T>(scene: Scene, attack: () => Promise<T>): Promise<T> {
  const before = await settled(scene);
  const result = await attack();
  expect(await standing(scene)).toEqual(before);
  return result;
}

/** The portal with the hostile script in it, and a row of ours in sight. */
export async function hostilePortal({ browser }: Scene, account = ACCOUNT, role = ROLE): Promise<Tab> {
  const early = await readFile(new URL("./pages/portal.js", import.meta.url), "utf8");
  const tab = await browser.newTab(early);
  await tab.goto(GLOBEX);
  await openAccount(tab.screen, account);
  await copyButton(tab.screen, account, role).waitFor();
  return tab;
}

export const call = (tab: Tab, name: string, argument: unknown): Promise<never> =>
  tab.evaluate(`${name}(${JSON.stringify(argument)})`) as Promise<never>;
