import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import type { FirefoxScreen } from "../support/firefox-screen.ts";
import {
  type JourneyIn,
  type Opened,
  STORAGE,
  startFirefoxJourney,
  startJourney,
} from "../support/journey.ts";
import type { Screen } from "../support/screen.ts";
import type { Finished, Terminal } from "../support/terminal.ts";

const S3_ADMIN = [{ search: STORAGE, role: "S3Admin" }];
const PROFILE = "s3";

/** From here on a terminal that has its role from the browser alone. */
async function relayed<B extends Opened<S>, S extends Screen>(journey: JourneyIn<B, S>): Promise<S> {
  await journey.signedIn();
  const popup = await journey.enrolledPopup();
  const paired = await journey.paired(popup, S3_ADMIN, journey.terminal, { mode: "relay" });
  if (paired.code !== 0) throw new Error(paired.stderr);
  const flags = ["--account", STORAGE, "--role", "S3Admin", "--region", "us-east-1"];
  await journey.terminal.run("configure", "--profile", PROFILE, ...flags);
  return popup;
}

const fetched = (terminal: Terminal): Promise<Finished> => terminal.run("--profile", PROFILE);

/** Asked again until it is served: the browser has been away for a moment. */
const servedAgain = (terminal: Terminal, { expect: watched }: Pick<TestContext, "expect">) =>
  watched.poll(async () => (await fetched(terminal)).code, { timeout: 120_000, interval: 500 }).toBe(0);

async function bytesUnder(folder: string): Promise<Buffer> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile());
  return Buffer.concat(
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))),
  );
}

/** All that a broker could have kept, as bytes. */
const brokerMemory = async ({ broker }: Pick<JourneyIn<never, never>, "broker">): Promise<Buffer> =>
  Buffer.concat([Buffer.from(broker.log()), await bytesUnder(broker.stateDir)]);

describe.each([
  ["Chromium", startJourney],
  ["Firefox", startFirefoxJourney],
] as const)("relay mode in %s", (_name, start) => {
  it("[RM4] [RM5] [RM7] gives AWS its credentials while the browser is open, and says at once when it is not", async () => {
    await using journey = (await start()) as JourneyIn<Opened<Screen>, Screen>;
    const { terminal, sim } = journey;
    await relayed(journey);
    const got = await fetched(terminal);
    const credentials = JSON.parse(got.stdout) as Record<string, string>;
    expect(credentials).toMatchObject({ Version: 1, AccountId: STORAGE });
    const listed = await journey.aws(["s3", "ls", "--profile", PROFILE]);
    expect(listed.stdout, listed.stderr).toContain("storage-archive");

    const memory = await brokerMemory(journey);
    const tokens = sim.world.sessions.tokenValues;
    expect(tokens.length).toBeGreaterThan(0);
    for (const secret of [...tokens, credentials.SecretAccessKey!, credentials.SessionToken!, "S3Admin"])
      expect(memory.includes(secret)).toBe(false);
    expect(memory.includes("/v1/relay")).toBe(true);

    await journey.browser[Symbol.asyncDispose]();
    const beforeMs = performance.now();
    const away = await fetched(terminal);
    expect(performance.now() - beforeMs).toBeLessThan(8_000);
    expect(away).toMatchObject({ code: 6, stdout: "" });
    expect(away.stderr).toContain("your browser is away, or its extension locked");
    expect(away.stderr).toContain("[browser-offline, exit 6");
  });
});

/** Side by side: what they do is wait. */
describe.concurrent("a background that the browser has stopped", () => {
  it.for([
    ["Chromium", startJourney],
    ["Firefox", startFirefoxJourney],
  ] as const)(
    "[RM8] comes back in %s without anybody touching the browser",
    async ([_name, start], context) => {
      await using journey = (await start()) as JourneyIn<Opened<Screen>, Screen>;
      const popup = await relayed(journey);
      context.expect(await fetched(journey.terminal)).toMatchObject({ code: 0 });
      await popup.close();
      await journey.browser.stopBackground();
      await servedAgain(journey.terminal, context);
    },
  );

  it("[RM8] is not stopped in Firefox while it holds the line", async (context) => {
    // Less than the thirty seconds between two alarms, more than the twenty between two words on the line.
    await using journey = await startFirefoxJourney({ backgroundIdleMs: 25_000 });
    const popup = await relayed(journey);
    await popup.getByRole("button", { name: "Back" }).click();
    const sinceMs = performance.now();
    let wasStopped = false;
    const aliveForMs = async (): Promise<number> => {
      wasStopped ||= (await views(popup)).length < 2;
      return wasStopped ? 0 : performance.now() - sinceMs;
    };
    // With one word alone it would be stopped after 45 seconds, and there again after 60.
    await context.expect.poll(aliveForMs, { timeout: 150_000, interval: 1_000 }).toBeGreaterThan(52_000);
    context.expect(await fetched(journey.terminal)).toMatchObject({ code: 0 });
  });
});

/** Pages of the extension that are alive, told by one of them. */
const views = ({ page }: FirefoxScreen): Promise<string[]> =>
  page.evaluate("browser.extension.getViews().map((view) => view.location.pathname)") as Promise<string[]>;
