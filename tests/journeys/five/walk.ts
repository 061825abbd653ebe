import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "../../support/browser.ts";
import {
  type BrowserName,
  type EitherBrowser,
  eitherOfChromium,
  eitherOfFirefox,
  type Tab,
} from "../../support/either-browser.ts";
import {
  ACME,
  type JourneyIn,
  type Opened,
  STORAGE,
  startFirefoxJourney,
  startJourney,
} from "../../support/journey.ts";
import { enrol, findRole, signIn } from "../../support/person.ts";
import type { Screen } from "../../support/screen.ts";

/*
 * What the five journeys walk in: one browser for all of them, each journey with a person who is not signed in and with
 * terminals of its own, so that none leans on another.
 */

export interface Way {
  readonly browser: BrowserName;
  readonly colorScheme: "light" | "dark";
  /** Whether the extension's background is ended before every single step. */
  readonly stopping: boolean;
}

export const wayNamed = ({ browser, colorScheme, stopping }: Way): string =>
  `${browser}, ${colorScheme}${stopping ? ", its background stopped before every step" : ""}`;

const PICTURES = join(import.meta.dirname, "../../../artifacts/journeys");

/** The script of a hostile page: it notes everything that a page can see. */
const WATCHER = new URL("../../hostile/pages/portal.js", import.meta.url);

export interface World {
  readonly way: Way;
  readonly journey: JourneyIn<Opened<Screen>, Screen>;
  readonly browser: EitherBrowser;
  /** Where this way's pictures are. */
  readonly pictures: string;
  /** Steps after which the background was stopped, by name. */
  readonly stopped: string[];
}

/**
 * Chromium reads its policies in its first seconds, for the background that asks. One that is ended in those takes the reading with it:
 * nobody is told anything until a page of the extension asks (seen in Chromium 156). Browsers end none so early by themselves.
 */
async function policiesRead(browser: Browser): Promise<void> {
  const page = await browser.openPopup();
  await page.evaluate("chrome.storage.managed.get()");
  await page.close();
}

export async function openWorld(way: Way): Promise<World> {
  const folder = [way.browser.toLowerCase(), way.colorScheme, ...(way.stopping ? ["stopped"] : [])].join("-");
  const pictures = join(PICTURES, folder);
  await rm(pictures, { recursive: true, force: true });
  await mkdir(pictures, { recursive: true });
  const rest = { way, pictures, stopped: [] };
  const { colorScheme } = way;
  if (way.browser === "Chromium") {
    const journey = await startJourney({ colorScheme });
    await policiesRead(journey.browser);
    return { ...rest, journey, browser: eitherOfChromium(journey.browser) };
  }
  const journey = await startFirefoxJourney({ colorScheme });
  return { ...rest, journey, browser: eitherOfFirefox(journey.browser) };
}

/** One journey under way. */
export interface Walk extends World {
  /** A step of the user's: what it needs is all that it may lean on, for nothing else of the extension lives on. */
  step<T>(name: string, on: Screen, act: () => Promise<T>): Promise<T>;
  /** The same for steps that somebody else takes: called before each of them. */
  before(name: string, on: Screen): Promise<void>;
  /** A tab that notes all that a script of its page could see. */
  watchedTab(): Promise<Tab>;
  /** Somebody signed in at the portal, in this tab. */
  signedIn(page: Screen): Promise<void>;
  /** The popup of somebody who is signed in. */
  popup(): Promise<Screen>;
  /** A role of the account that is read among the last. A list whose reading is stopped again and again is read to its end. */
  search(popup: Screen, role: string): Promise<void>;
  /** The popup on the screen of terminals, of an extension that has its broker. */
  terminals(): Promise<Screen>;
}

/** Begin a journey with nobody signed in, and no tab open but an empty one. */
export async function begin(world: World, name: string): Promise<Walk> {
  const { way, journey, pictures, stopped } = world;
  const { browser, sim, broker } = journey;
  const empty = await browser.newScreen();
  for (const screen of await browser.screens()) if (screen.url() !== empty.url()) await screen.close();
  await browser.forgetCookies();

  let count = 0;
  const picture = async (step: string, on: Screen): Promise<void> => {
    count += 1;
    const file = `${name}-${String(count).padStart(2, "0")}-${step.replaceAll(/\W+/g, "-")}.png`;
    // A popup closes by itself when its work is done, perhaps at this very moment.
    await on.screenshot({ path: join(pictures, file) }).catch((error: Error) => {
      if (!on.isClosed() && !error.message.includes("no such frame")) throw error;
    });
  };
  const stop = async (step: string): Promise<void> => {
    if (!way.stopping) return;
    await browser.stopBackground();
    stopped.push(`${name}: ${step}`);
  };
  const signedIn = (page: Screen): Promise<void> => signIn(page, { sim, user: "ana", startUrl: ACME });
  const popup = async (): Promise<Screen> => {
    const page = await browser.newScreen();
    await signedIn(page);
    const opened = await browser.openPopup();
    await opened.getByText("All · 307 accounts").waitFor();
    return opened;
  };
  return {
    ...world,
    async step(step, on, act) {
      await stop(step);
      try {
        return await act();
      } finally {
        await picture(step, on);
      }
    },
    async before(step, on) {
      await picture(step, on);
      await stop(step);
    },
    async watchedTab() {
      return world.browser.newTab(await readFile(WATCHER, "utf8"));
    },
    signedIn,
    popup,
    async search(opened, role) {
      if (!way.stopping) return findRole(opened, STORAGE, role);
      await opened.keyboard.type(`${STORAGE} ${role}`);
      await opened.locator(`[role=option][data-account="${STORAGE}"][data-role="${role}"]`).waitFor();
    },
    async terminals() {
      const opened = await popup();
      const isNew = opened.getByRole("button", { name: "Set up terminals" });
      if (await isNew.isVisible()) await enrol(opened, await broker.newEnrolmentCode());
      else await opened.locator("footer").getByRole("button").first().click();
      await opened.getByRole("main").getByRole("button", { name: "Pair a terminal" }).waitFor();
      return opened;
    },
  };
}
