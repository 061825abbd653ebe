import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BrowserName } from "../../support/either-browser.ts";
import { approvalWithTheNumber } from "./approval.ts";
import { byKeyboard } from "./by-keyboard.ts";
import { copyAndPaste } from "./copy-and-paste.ts";
import { sessionOver } from "./session-over.ts";
import { terminalOfOnesOwn } from "./terminal.ts";
import { begin, openWorld, type Walk, type Way, type World, wayNamed } from "./walk.ts";

/** Light once as people live, dark once with a background that never lives from one step to the next. */
const waysIn = (browser: BrowserName): readonly Way[] => [
  { browser, colorScheme: "light", stopping: false },
  { browser, colorScheme: "dark", stopping: true },
];

/** What every page says when a journey has failed: that moment has no picture. */
async function asItStands({ journey }: World): Promise<string> {
  const said = (await journey.browser.screens()).map(async (screen) => {
    const body = screen.locator("body");
    const words = (await body.isVisible()) ? await body.textContent() : "(nothing)";
    return `${screen.url()}\n  ${words}\n`;
  });
  const settled = await Promise.allSettled(said); // a tab that is just closing says nothing
  return settled.map((one) => (one.status === "fulfilled" ? one.value : "")).join("");
}

/** Declares the five journeys in a browser. */
export function fiveJourneysIn(browser: BrowserName): void {
  describe.each(waysIn(browser).map((way) => [wayNamed(way), way] as const))("%s", (_name, way) => {
    let world: World;
    beforeAll(async () => {
      world = await openWorld(way);
    });
    afterAll(async () => {
      await world?.journey.close();
      process.stdout.write(`pictures of ${wayNamed(way)}: ${world?.pictures}\n`);
    });

    const walks = (name: string, journey: (walk: Walk) => Promise<void>) => async (): Promise<void> => {
      const { stopped } = world;
      const before = stopped.length;
      try {
        await journey(await begin(world, name));
      } catch (error) {
        process.stdout.write(await asItStands(world));
        throw error;
      }
      if (way.stopping) expect(stopped.length - before).toBeGreaterThan(2);
      expect(world.journey.sim.world.unknownCalls).toEqual([]);
    };
    it("[EX1] [EX2] [EX4] [EX7] sign in, copy in the portal, paste in a shell", walks("copy", copyAndPaste));
    it("[EX4] switch role by keyboard alone", walks("keyboard", byKeyboard));
    it("[PA1] [CR1] [EV1] [CL2] pair, fetch, remove", walks("terminal", terminalOfOnesOwn));
    it("[EV5] the session ends: sign in, and the copy goes on", walks("session", sessionOver));
    it("[AS2] [RM4] approve with the number on the terminal", walks("approval", approvalWithTheNumber));
  });
}
