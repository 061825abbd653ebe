import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { startSim } from "../sim/start.ts";
import { openBrowser } from "../support/browser.ts";
import { freePort } from "../support/free-port.ts";
import { ACME, AWS, STORAGE } from "../support/journey.ts";
import { LocalBroker } from "../support/local-broker.ts";
import { approve, signIn } from "../support/person.ts";

const PICTURES = join(import.meta.dirname, "../../artifacts/setup");

/** Browser, installed jcfetch and simulated AWS; no broker yet. */
async function nothingSetUp(colorScheme: "light" | "dark") {
  const { path: extension } = await ensureBuilt("extension-chromium-tested");
  const closing = new AsyncDisposableStack();
  const sim = closing.use(await startSim());
  const broker = closing.use(await LocalBroker.install({ simPort: sim.httpPort }));
  const browser = closing.use(await openBrowser({ tlsPort: sim.tlsPort, extension, colorScheme }));
  await signIn(await browser.context.newPage(), { sim, user: "ana", startUrl: ACME });
  const popup = await browser.openPopup();
  await mkdir(PICTURES, { recursive: true });
  const picture = (step: string) => popup.screenshot({ path: join(PICTURES, `${step}-${colorScheme}.png`) });
  return { sim, broker, popup, picture, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

describe("from nothing to aws s3 ls on one computer", () => {
  it.each(["light", "dark"] as const)(
    "[ST1] [ST3] [ST6] takes one command, one paste and one approval (%s)",
    async (colorScheme) => {
      await using world = await nothingSetUp(colorScheme);
      const { sim, broker, popup, picture } = world;
      const { terminal } = broker;
      const running = terminal.jcfetch("setup", "--port", String(await freePort()));
      const [, code] = await running.says(/^(jcs1_[\w-]+)$/m);

      await popup.getByRole("button", { name: "Set up terminals" }).click();
      await picture("1-no-broker");
      await popup.getByLabel("Code of the broker").fill(code!);
      await popup.getByText("It also pairs the terminal that waits there").waitFor();
      await picture("2-pasted");
      await popup.getByRole("button", { name: "Connect" }).click();
      await popup.locator(".card", { hasText: "this computer" }).waitFor();
      await picture("3-choose");
      expect(await popup.locator("label.tick input:checked").count()).toBe(0);
      expect(existsSync(join(terminal.home, ".config/jcfetch/device.json"))).toBe(false);
      await approve(popup, { roles: [{ search: STORAGE, role: "S3Admin" }] });
      await popup.getByText("The terminal goes on by itself").waitFor();
      await picture("4-done");

      const { code: exit, stdout, stderr } = await running.ended;
      expect([exit, stdout], stderr).toEqual([0, ""]);
      const profile = `${STORAGE}_S3Admin`;
      expect(stderr).toContain(`It works. Try it: aws sts get-caller-identity --profile ${profile}`);
      const words = [AWS, "s3", "ls", "--profile", profile, "--endpoint-url", sim.origin];
      expect((await terminal.start(words).ended).stdout).toContain("storage-archive");

      await popup.getByRole("button", { name: "Done" }).click();
      await popup.getByText("Paste a code").click();
      await popup.getByLabel("Code of the broker").waitFor();
      await picture("5-terminals");
    },
  );
});
