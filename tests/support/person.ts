import { setTimeout as after } from "node:timers/promises";
import type { CDPSession, Page } from "playwright-core";
import { MIN_SHOWN_MS } from "../../extension/src/portal/guard.ts";
import type { Sim } from "../sim/start.ts";
import type { Part, Screen } from "./screen.ts";
import type { Running } from "./terminal.ts";

/*
 * What a person does in front of the browser, one function for each thing: used by the journeys and by the demo. Every wait
 * is for what the person would see.
 */

const LOOK_AGAIN_MS = 25;

export interface Login {
  readonly sim: Sim;
  readonly user: string;
  /** `https://acme.awsapps.com/start` */
  readonly startUrl: string;
}

/**
 * Open the access portal, get sent to JumpCloud, sign in with the second factor that the user has, come back. Who is signed
 * in already is not asked again.
 */
export async function signIn(page: Screen, { sim, user, startUrl }: Login): Promise<void> {
  const { email, password, totpSecret } = sim.world.user(user);
  const accounts = page.locator('[data-testid="account-list-cell"]').first();
  await page.goto(startUrl);
  await Promise.any([page.locator("#email").waitFor(), accounts.waitFor()]);
  if (await accounts.isVisible()) return;
  await page.locator("#email").fill(email);
  await page.locator("#password").fill(password);
  await page.locator("#submit").click();
  if (totpSecret !== undefined) {
    await page.locator("#otp").fill(sim.world.totp(user));
    await page.locator("#otp-submit").click();
  } else {
    await page.locator("#use-push").click();
    await sim.world.jumpcloud.pushWaiting();
    sim.world.jumpcloud.answerPush("accepted", email);
  }
  await accounts.waitFor();
}

/** Narrow the portal's list to an account, by its id, and open it; its roles arrive a moment later. */
export async function openAccount(page: Screen, account: string): Promise<void> {
  await page.getByLabel("Filter accounts by name, ID, or email address").first().fill(account);
  const cell = page.locator('[data-testid="account-list-cell"]');
  while ((await cell.count()) !== 1) await after(LOOK_AGAIN_MS);
  // A page that draws its rows anew while the mouse is down on one loses the click; people press again.
  const opened = page.locator(
    'tbody [aria-expanded="true"], [data-testid="account-list-cell"][aria-expanded="true"]',
  );
  while ((await opened.count()) === 0) {
    await cell.click();
    await after(LOOK_AGAIN_MS);
  }
  await page.locator('[data-testid="federation-link"]').first().waitFor();
}

/**
 * In the popup, by keyboard: search a role until the cursor stands on it. At AWS's pace its account may be read among the
 * last; whoever opens it does not wait for the others.
 */
export async function findRole(popup: Screen, account: string, role: string): Promise<void> {
  const row = popup.locator(`[role=option][data-account="${account}"][data-role="${role}"]`);
  const closed = popup.locator(`[role=option][data-account="${account}"].account`);
  await popup.keyboard.type(account);
  await Promise.any([row.waitFor(), closed.waitFor()]);
  if (await closed.isVisible()) await popup.keyboard.press("ArrowRight");
  await row.waitFor();
  await popup.keyboard.type(` ${role}`);
  await row.waitFor();
}

/** Our button in the row of a role, by the row's own link. */
export function copyButton(page: Screen, account: string, role: string): Part {
  const link = `a[data-testid="federation-link"][href*="account_id=${account}"][href*="role_name=${role}"]`;
  return page
    .locator(`tr:has(${link}), [data-testid="role-list-item"]:has(${link})`)
    .locator("[data-jcfetch]");
}

/**
 * Press the button as a hand does. Its shadow root is closed, to tests as to the page, so it is pressed where it is drawn:
 * left for copying, right for the menu.
 */
export async function press(page: Screen, button: Part, part: "copy" | "menu" = "copy"): Promise<void> {
  await button.scrollIntoViewIfNeeded();
  await button.evaluate(seenFor, MIN_SHOWN_MS);
  const box = await button.boundingBox();
  if (!box) throw new Error("the button is not drawn");
  const x = part === "copy" ? box.x + box.width * 0.3 : box.x + box.width - 6;
  await page.mouse.click(x, box.y + box.height / 2);
}

/**
 * In the page. [EX6] ignores a press on a button that a hand had no time to see, counted from when it was first met here; and
 * one in a tab that has not the focus, which comes back a moment after the tab does.
 */
function seenFor(shown: Element, least: number): Promise<void> {
  const world = globalThis as unknown as { met?: WeakMap<object, number> };
  world.met ??= new WeakMap();
  const since = world.met.get(shown) ?? performance.now();
  world.met.set(shown, since);
  return new Promise((resolve) => {
    const look = (now: number): void => {
      if (now - since > least && document.hasFocus()) resolve();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** What the button says, read from the browser's accessibility tree: the way into a closed shadow root. */
export async function waitForButton(page: Page, name: RegExp): Promise<string> {
  const session = await page.context().newCDPSession(page);
  try {
    return await readUntil(session, name);
  } finally {
    await session.detach();
  }
}

async function readUntil(session: CDPSession, name: RegExp): Promise<string> {
  await session.send("Accessibility.enable");
  let names: string[] = [];
  for (let left = 200; left > 0; left--) {
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    names = nodes
      .filter(({ role }) => role?.value === "button")
      .map((node) => String(node.name?.value ?? ""));
    const found = names.find((text) => name.test(text));
    if (found !== undefined) return found;
    await session.send("Runtime.evaluate", {
      expression: "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
      awaitPromise: true,
    });
  }
  throw new Error(`no button says ${name}; there are: ${names.join(" | ")}`);
}

/** In the popup: give the extension its broker. */
export async function enrol(popup: Screen, code: string): Promise<void> {
  await popup.getByRole("button", { name: "Set up terminals" }).click();
  await popup.getByLabel("Code of the broker").fill(code);
  await popup.getByRole("button", { name: "Connect" }).click();
  await popup.getByRole("main").getByRole("button", { name: "Pair a terminal" }).waitFor();
}

/** In the popup: become a member of a broker with the session at the portal that is shown. @param name of the button. */
export async function join(popup: Screen, code: string, name: string): Promise<void> {
  await popup.getByRole("button", { name: "Set up terminals" }).click();
  await popup.getByLabel("Code of the broker").fill(code);
  await popup.getByRole("button", { name }).click();
}

export interface Pairing {
  /** The account to search for in the list of roles, and then the role's name. */
  readonly roles: readonly { readonly search: string; readonly role: string }[];
  readonly name?: string;
  /** Other than what is set beforehand. */
  readonly mode?: keyof typeof MODES;
  /** Roles, by name, that ask each time or that only the browser serves. */
  readonly served?: readonly { readonly role: string; readonly way: keyof typeof WAYS }[];
  /** Something to do or look at before each press, told by the step's name. */
  readonly onStep?: (step: "code" | "words" | "choose" | "review" | "done") => Promise<void>;
}

/** In the popup: start a pairing and read the code off the screen. */
export async function startPairing(popup: Screen): Promise<string> {
  await popup.getByRole("main").getByRole("button", { name: "Pair a terminal" }).click();
  const shown = popup.locator(".pair-code");
  await shown.waitFor();
  return (await shown.textContent()) ?? "";
}

/** The three words that the terminal shows. */
export async function wordsOn(terminal: Running): Promise<string> {
  const [, words] = await terminal.says(/three words[^\n]*:\s+([a-z]+\s+[a-z]+\s+[a-z]+)/i);
  return words!.trim().split(/\s+/).join(" ");
}

export async function typeWords(popup: Screen, words: string): Promise<void> {
  await popup.getByLabel("First word").fill(words);
  await popup.getByRole("button", { name: "Continue" }).click();
}

const MODES = {
  sealed: "Works while the browser is closed",
  relay: "Only while my browser is open; the broker sees nothing",
} as const;

const WAYS = {
  asks: (role: string) => `Ask me each time for ${role}`,
  browser: (role: string) => `${role} only while my browser is open`,
} as const;

/** In the popup: tick roles, look at what that opens, and hand them over. */
export async function approve(
  popup: Screen,
  { roles, name, mode, served = [], onStep }: Pairing,
): Promise<void> {
  if (name !== undefined) await popup.getByRole("textbox", { name: /^Name$/ }).fill(name);
  for (const { search, role } of roles) {
    await popup.getByLabel("Search the roles to give").fill(search);
    const tick = popup.locator("label.tick", { hasText: role }).first();
    const unread = popup.getByRole("button", { name: /^Read the roles of / }).first();
    // The portal's tab may read the roles at this very moment: then the tick comes and the button goes, unclicked.
    await Promise.any([tick.waitFor(), unread.click()]);
    await tick.getByRole("checkbox").check();
  }
  await popup.getByRole("button", { name: "Review" }).click();
  await onStep?.("review");
  for (const { way, role } of served) {
    await popup
      .getByRole("button", { name: WAYS[way](role) })
      .first()
      .click();
  }
  if (mode !== undefined) await popup.getByLabel(MODES[mode]).check();
  await popup.getByRole("button", { name: /^Give / }).click();
  await popup.getByRole("heading", { name: /is paired$/ }).waitFor();
}

/** All of it: code, words, roles. */
export async function pair(popup: Screen, terminal: Running, pairing: Pairing): Promise<void> {
  const code = await startPairing(popup);
  await pairing.onStep?.("code");
  terminal.type(code);
  const words = await wordsOn(terminal);
  await popup.getByLabel("First word").waitFor();
  await pairing.onStep?.("words");
  await typeWords(popup, words);
  await popup.getByLabel("Search the roles to give").waitFor();
  await pairing.onStep?.("choose");
  await approve(popup, pairing);
  await pairing.onStep?.("done");
  await popup.getByRole("button", { name: "Done" }).click();
}

/** In the popup, on the screen of terminals: take one away. */
export async function revoke(popup: Screen, name: string): Promise<void> {
  await popup.getByRole("button", { name: `Remove ${name}` }).click();
  const question = popup.getByRole("alertdialog", { name: `Remove ${name}?` });
  await question.getByRole("button", { name: "Remove" }).click();
  await question.waitFor({ state: "detached" });
}

/** The two digits that the terminal shows of a request that asks. */
export async function digitsOn(terminal: Running): Promise<string> {
  const [, digits] = await terminal.says(/type (\d\d) into the extension/);
  return digits!;
}

/** In the popup: answer the request that waits. Without digits it is refused. */
export async function answerRequest(popup: Screen, digits?: string): Promise<void> {
  const card = popup.getByRole("alertdialog", { name: /asks for your approval$/ });
  await card.waitFor();
  if (digits === undefined) {
    await card.getByRole("button", { name: "Refuse" }).click();
  } else {
    await card.getByLabel("Number on the terminal").fill(digits);
    await card.getByRole("button", { name: "Approve" }).click();
  }
  await card.waitFor({ state: "detached" });
}
