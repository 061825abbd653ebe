import { join } from "node:path";
import type { Page } from "playwright-core";
import { type Sim, startSim } from "../../tests/sim/start.ts";
import { type Broker, startBroker } from "../../tests/support/broker.ts";
import { type Browser, openBrowser } from "../../tests/support/browser.ts";
import { type Finished, Terminal } from "../../tests/support/terminal.ts";
import { buildAll } from "../build.ts";
import { ROOT } from "../lib/process.ts";
import type { Steps } from "./steps.ts";

const AWS = "/usr/bin/aws";

/** Everything the demo plays on: the simulated world, and beside it only real parts. */
export interface Stage {
  readonly steps: Steps;
  readonly sim: Sim;
  readonly broker: Broker;
  readonly browser: Browser;
  readonly terminal: Terminal;
  /** The real AWS CLI, sent to the simulated AWS. */
  aws(args: readonly string[], env?: Record<string, string>): Promise<Finished>;
  /** A screenshot in dark and light. @returns the line that names them. */
  photograph(page: Page, name: string): Promise<string>;
}

export interface StageOptions {
  readonly headed: boolean;
  /** Where screenshots go. */
  readonly shots: string;
}

/** Build and start it all; what was started goes with `closing`. */
export async function setStage(
  steps: Steps,
  closing: AsyncDisposableStack,
  options: StageOptions,
): Promise<Stage> {
  await steps.step("build extension, broker and jcfetch", () => buildAll(() => {}));
  const sim = await steps.step("start JumpCloud and AWS (simulated; 307 accounts)", async ({ show }) => {
    const started = closing.use(await startSim());
    show(`for people: ${started.origin}`);
    return started;
  });
  const broker = await steps.step(
    "start the broker (the Worker in workerd, on loopback)",
    async ({ show }) => {
      const started = closing.use(await startBroker({ simPort: sim.httpPort }));
      show(started.url);
      return started;
    },
  );
  const browser = await steps.step("open Chromium with the extension", async ({ show }) => {
    const extension = join(ROOT, "extension/.output/chrome-mv3-tested");
    const opened = closing.use(
      await openBrowser({ tlsPort: sim.tlsPort, extension, headed: options.headed }),
    );
    show(`extension ${await opened.extensionId()}`);
    return opened;
  });
  const terminal = closing.use(await Terminal.open({ build: "executable" }));
  return {
    ...{ steps, sim, broker, browser, terminal },
    aws: (args, env) => terminal.start([AWS, ...args, "--endpoint-url", sim.origin], env).ended,
    photograph: (page, name) => photograph(page, name, options.shots),
  };
}

async function photograph(page: Page, name: string, shots: string): Promise<string> {
  for (const colorScheme of ["dark", "light"] as const) {
    // Without motion: a picture taken while colors still fade shows what nobody sees.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.screenshot({ path: join(shots, `${name}-${colorScheme}.png`) });
  }
  return `screenshots: .demo/screenshots/${name}-light.png, ${name}-dark.png`;
}
