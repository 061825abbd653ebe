import type { Page, Worker } from "playwright-core";
import { startSim } from "../tests/sim/start.ts";
import { type Browser, openBrowser } from "../tests/support/browser.ts";
import { ensureBuilt } from "../tools/build.ts";
import { row, say } from "../tools/lib/report.ts";
import { median, quantile } from "./measure.ts";

/*
 * The popup of the built extension in a real Chromium, with the lists of a large company on its disk: how soon one can type
 * and choose, and what a key costs.
 */

const ACCOUNTS = 2_000;
const ROLES = ["ReadOnly", "PowerUser", "AdministratorAccess", "Deploy", "Billing"];
const ORIGIN = "https://acme.awsapps.com";
const TEAMS = ["payments", "search", "lakehouse", "identity", "logistics", "mobile", "platform", "fraud"];
const STAGES = ["prod", "staging", "dev", "sandbox"];
const TYPED = "pay prod read";

/** What the extension itself would have kept after one reading. */
export function kept(): Record<string, unknown> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, at) => ({
    id: String(100_000_000_000 + at * 7_919),
    name: `${TEAMS[at % TEAMS.length]}-${Math.floor(at / 32)}-${STAGES[Math.floor(at / 8) % STAGES.length]}`,
    email: `aws+${at}@acme.example`,
  }));
  const roles = Object.fromEntries(accounts.map(({ id }) => [id, ROLES]));
  const used = accounts.slice(0, 40).map(({ id }) => ({ portal: ORIGIN, account: id, role: "ReadOnly" }));
  return {
    portals: {
      [ORIGIN]: {
        ...{ origin: ORIGIN, startUrl: `${ORIGIN}/start`, name: "acme", region: "us-east-1" },
        ...{ enteredRegion: null, lastUsedAtMs: 1 },
      },
    },
    [`directory:${ORIGIN}`]: { owner: "", accounts, roles, pending: null, completedAtMs: Date.now() },
    favorites: used.slice(0, 8),
    recents: used.slice(8),
  };
}

interface Storage {
  readonly chrome: { storage: { local: { set(items: object): Promise<void> } } };
}

const fill = (worker: Worker): Promise<void> =>
  worker.evaluate((items) => (globalThis as unknown as Storage).chrome.storage.local.set(items), kept());

interface Watched {
  interactiveMs?: number;
  keyMs: number[];
}

/** Runs in the page: notes when the list can first be used, and what each key keeps the page busy for, paint not counted. */
function watch(): void {
  const seen: Watched = { keyMs: [] };
  Object.assign(globalThis, { seen });
  // Rows that can be chosen, a field that has the keyboard, and the frame that shows both.
  const changes = new MutationObserver(() => {
    if (!document.querySelector('[role="option"]')) return;
    changes.disconnect();
    requestAnimationFrame(shown);
  });
  const shown = (): void => {
    if (document.activeElement?.matches("input")) setTimeout(() => (seen.interactiveMs = performance.now()));
    else requestAnimationFrame(shown);
  };
  changes.observe(document, { subtree: true, childList: true });
  const { port1, port2 } = new MessageChannel();
  let fromMs = 0;
  port1.onmessage = () => {
    document.body.getBoundingClientRect();
    seen.keyMs.push(performance.now() - fromMs);
  };
  addEventListener(
    "input",
    () => {
      fromMs = performance.now();
      port2.postMessage(0);
    },
    true,
  );
}

const seenIn = (page: Page): Promise<Watched> =>
  page.evaluate(() => (globalThis as unknown as { seen: Watched }).seen);

async function oneOpening(browser: Browser): Promise<{ openMs: number; keyMs: readonly number[] }> {
  const page = await browser.context.newPage();
  await page.addInitScript(watch);
  await page.goto(`chrome-extension://${await browser.extensionId()}/popup.html`);
  await page.waitForFunction(() => (globalThis as unknown as { seen: Watched }).seen.interactiveMs);
  for (const letter of TYPED) await page.keyboard.press(letter === " " ? "Space" : letter);
  await page.waitForFunction(
    (keys) => (globalThis as unknown as { seen: Watched }).seen.keyMs.length >= keys,
    TYPED.length,
  );
  const { interactiveMs, keyMs } = await seenIn(page);
  await page.close();
  return { openMs: interactiveMs ?? Number.NaN, keyMs };
}

/** What the browser takes by itself until a page of the extension is drawn: one with nothing on it. */
async function emptyPageMs(browser: Browser): Promise<number> {
  const page = await browser.context.newPage();
  await page.addInitScript(() => {
    requestAnimationFrame(() => setTimeout(() => Object.assign(globalThis, { drawnMs: performance.now() })));
  });
  await page.goto(`chrome-extension://${await browser.extensionId()}/offscreen.html`);
  const drawn = await page.waitForFunction(() => (globalThis as unknown as { drawnMs?: number }).drawnMs);
  const drawnMs = Number(await drawn.jsonValue());
  await page.close();
  return drawnMs;
}

interface PopupFigures {
  readonly openMs: number;
  readonly fastestMs: number;
  readonly emptyMs: number;
  readonly keyMs: number;
  readonly slowKeyMs: number;
}

/** @returns milliseconds from the start of the page's loading, and of each key */
export async function popupFigures(rounds: number): Promise<PopupFigures> {
  const { path: extension } = await ensureBuilt("extension-chromium-tested");
  await using sim = await startSim();
  await using browser = await openBrowser({ tlsPort: sim.tlsPort, extension });
  await fill(await browser.serviceWorker());
  await oneOpening(browser); // the first one finds nothing compiled
  const all = [];
  const empty: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    all.push(await oneOpening(browser));
    empty.push(await emptyPageMs(browser));
  }
  const keys = all.flatMap(({ keyMs }) => keyMs);
  return {
    openMs: median(all.map(({ openMs }) => openMs)),
    fastestMs: Math.min(...all.map(({ openMs }) => openMs)),
    emptyMs: median(empty),
    keyMs: median(keys),
    slowKeyMs: quantile(keys, 0.95),
  };
}

export async function sayPopup(rounds: number): Promise<void> {
  const { openMs, fastestMs, emptyMs, keyMs, slowKeyMs } = await popupFigures(rounds);
  say(`\npopup, ${ACCOUNTS} accounts of ${ROLES.length} roles each, median of ${rounds}`);
  say(
    row(
      "  open to usable list",
      `${openMs.toFixed(0)} ms`,
      `of 100 ms; the fastest ${fastestMs.toFixed(0)} ms; an empty page ${emptyMs.toFixed(0)} ms`,
    ),
  );
  say(
    row("  one key", `${keyMs.toFixed(1)} ms`, `of 16 ms; 95 of 100 keys within ${slowKeyMs.toFixed(1)} ms`),
  );
}

if (import.meta.main) await sayPopup(9);
