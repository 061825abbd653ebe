import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { startSim } from "../tests/sim/start.ts";
import { type Browser, openBrowser } from "../tests/support/browser.ts";
import { signIn } from "../tests/support/person.ts";
import { ensureBuilt } from "../tools/build.ts";
import { row, say } from "../tools/lib/report.ts";
import { median } from "./measure.ts";

/*
 * The script of the portal's page as it is shipped, on a page of the size that AWS shows at most: what it costs the page's main
 * thread over the same page without it, whether the page ever waits for it, whether anything moves. And a copy, to the clipboard.
 */

const ACCOUNTS = 100;
const ROLES = 5;
const ADDRESS = "https://acme.awsapps.com/start";
const STORAGE = { account: "999999999999", role: "S3Admin" };

function tablePage(): string {
  const rows = Array.from({ length: ACCOUNTS }, (_, at) => {
    const id = String(100_000_000_000 + at * 7_919);
    const roles = Array.from(
      { length: ROLES },
      (_each, n) => `<tr aria-level="2"><th scope="row">
<a data-testid="federation-link" href="#/console?account_id=${id}&amp;role_name=Role${n}">Role${n}</a></th>
<td><a data-testid="role-creation-action-button" role="button" tabindex="0"><span>Access keys</span></a></td><td></td></tr>`,
    );
    return `<tr aria-level="1"><th scope="row"><div data-testid="account-list-cell" role="button"><div>team-${at}</div></div></th>
<td><a href="#/console?account_id=${id}&amp;referrer=accessPortal"><span>${id}</span></a></td><td>aws+${at}@acme.example</td></tr>
${roles.join("")}`;
  });
  return `<!doctype html><style>body{font:14px/20px sans-serif}table{width:900px}</style><div id="root">
<table role="treegrid"><tbody></tbody></table></div><template>${rows.join("")}</template>`;
}

/** In the page, before the script: a background that answers at once, with a mark for every account. */
function surroundings(): void {
  const now = Date.now();
  const answers: Record<string, (body: { accounts?: string[] }) => object> = {
    prefs: () => ({ format: "sh", theme: "system" }),
    marks: ({ accounts = [] }) => ({
      marks: accounts.map((account) => ({
        ...{ account, label: "a label", environment: "prod" },
        ...{ copiedAtMs: now, expiresAtMs: now + 3_600_000 },
      })),
    }),
  };
  Object.assign(globalThis, {
    chrome: {
      runtime: {
        id: "bench",
        sendMessage: async ({ verb, body }: { verb: string; body: object }) => ({
          ok: true,
          value: answers[verb]?.(body) ?? {},
        }),
      },
      i18n: { getMessage: (name: string, filling: string[]) => [name, ...filling].join(" ") },
    },
    seen: { longTasks: 0, shift: 0 },
  });
  const { seen } = globalThis as unknown as { seen: { longTasks: number; shift: number } };
  new PerformanceObserver((list) => (seen.longTasks += list.getEntries().length)).observe({
    type: "longtask",
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
  }).observe({ type: "layout-shift" });
}

/** React puts the rows in at once. */
const fill = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let left = 10; left > 0; left--) await frame();
    document.querySelector("tbody")!.append(document.querySelector("template")!.content);
    for (let left = 30; left > 0; left--) await frame();
  });

/** A person looks at all of it, so that every button is made. */
const scroll = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let top = 0; top < document.documentElement.scrollHeight; top += 400) {
      scrollTo(0, top);
      await frame();
      await frame();
    }
  });

/** What the main thread was busy with until now, in milliseconds; painting counts in `all` alone. */
async function busy(session: CDPSession): Promise<{ code: number; all: number }> {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (wanted: string): number => (metrics.find(({ name }) => name === wanted)?.value ?? 0) * 1_000;
  const code = of("ScriptDuration") + of("LayoutDuration") + of("RecalcStyleDuration");
  return { code, all: of("TaskDuration") };
}

interface Cost {
  /** Rows have come, buttons stand in what is in sight: script, style and layout; and with painting. */
  readonly mountMs: number;
  readonly paintedMs: number;
  /** All of it, once scrolled to the end. */
  readonly scrolledMs: number;
  readonly buttons: number;
  readonly longTasks: number;
  readonly shift: number;
}

async function costOf(browser: Browser, script: string | undefined): Promise<Cost> {
  const page = await browser.context.newPage();
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: tablePage() }));
  await page.goto(ADDRESS);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await page.evaluate(surroundings);
  const before = await busy(session);
  if (script !== undefined) await page.evaluate(script);
  await fill(page);
  const mounted = await busy(session);
  await scroll(page);
  const after = await busy(session);
  const buttons = await page.locator("[data-jcfetch]").count();
  const { longTasks, shift } = await page.evaluate(
    () => (globalThis as unknown as { seen: { longTasks: number; shift: number } }).seen,
  );
  await page.close();
  const mountMs = mounted.code - before.code;
  const paintedMs = mounted.all - before.all;
  return { mountMs, paintedMs, scrolledMs: after.all - before.all, buttons, longTasks, shift };
}

/** One copy, from the message that a press sends until the answer that the clipboard is written. */
const copyOnce = (popup: Page): Promise<number> =>
  popup.evaluate(async (role) => {
    const { runtime } = (
      globalThis as unknown as {
        chrome: { runtime: { sendMessage(message: object): Promise<{ ok: boolean; problem?: object }> } };
      }
    ).chrome;
    const body = { ...role, portal: "https://acme.awsapps.com", format: "sh" };
    const fromMs = performance.now();
    const { ok, problem } = await runtime.sendMessage({ verb: "copy-role", body });
    if (!ok) throw new Error(`the copy was refused: ${JSON.stringify(problem)}`);
    return performance.now() - fromMs;
  }, STORAGE);

async function copyTimes(rounds: number): Promise<{ copyMs: number; awsMs: number }> {
  const { path: extension } = await ensureBuilt("extension-chromium-tested");
  await using sim = await startSim();
  await using browser = await openBrowser({ tlsPort: sim.tlsPort, extension });
  const page = await browser.newScreen();
  await signIn(page, { sim, user: "ana", startUrl: ADDRESS });
  const popup = await browser.openPopup();
  await copyOnce(popup);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await copyOnce(popup));
  const worker = await browser.serviceWorker();
  const calls = await worker.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.includes("/federation/credentials"))
      .map(({ duration }) => duration),
  );
  return { copyMs: median(times), awsMs: median(calls) };
}

export async function sayPortal(rounds: number): Promise<void> {
  const { path } = await ensureBuilt("extension-chromium");
  const script = readFileSync(join(path, "content-scripts/portal.js"), "utf8");
  await using browser = await openBrowser({ tlsPort: 1 });
  const without: Cost[] = [];
  const withUs: Cost[] = [];
  await costOf(browser, script);
  for (let round = 0; round < rounds; round += 1) {
    without.push(await costOf(browser, undefined));
    withUs.push(await costOf(browser, script));
  }
  const of = (costs: readonly Cost[], name: keyof Cost): number => median(costs.map((cost) => cost[name]));
  const line = (what: string, name: keyof Cost, note: string): void => {
    const [alone, ours] = [of(without, name), of(withUs, name)];
    say(
      row(`  ${what}`, `+${(ours - alone).toFixed(0)} ms`, `${note}; the page alone ${alone.toFixed(0)} ms`),
    );
  };
  say(
    `\nportal buttons, ${ACCOUNTS} accounts and ${ACCOUNTS * ROLES} roles, main thread, median of ${rounds}`,
  );
  line("mount", "mountMs", "of 50 ms; script, style and layout");
  line("mount, painted", "paintedMs", "with painting");
  line("scrolled to the end", "scrolledMs", `${withUs.at(-1)?.buttons} buttons, with painting`);
  const longTasks = of(withUs, "longTasks") - of(without, "longTasks");
  say(row("  long tasks", String(longTasks), "more than the page alone"));
  const shift =
    Math.max(...withUs.map((cost) => cost.shift)) - Math.max(...without.map((cost) => cost.shift));
  say(row("  layout shift", shift.toFixed(4), "more than the page alone"));

  const { copyMs, awsMs } = await copyTimes(rounds);
  const own = `AWS ${awsMs.toFixed(0)} ms; ours ${(copyMs - awsMs).toFixed(0)} of 50 ms`;
  say(row("  copy click → clipboard written", `${copyMs.toFixed(0)} ms`, own));
}
