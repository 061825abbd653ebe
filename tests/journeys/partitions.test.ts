import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { partitionsWorld } from "../sim/world/partitions.ts";
import { type Browser, openBrowser } from "../support/browser.ts";
import { environmentOf, STORAGE } from "../support/journey.ts";
import { copyButton, openAccount, press, signIn } from "../support/person.ts";
import { strangersAmong } from "../support/whom-it-asks.ts";

/* Every kind of address at which access portals stand, in every partition of AWS, under its real name. */

const PORTALS = [
  ["acme", "https://acme.awsapps.com/start"],
  ["acme", "https://ssoins-1111111111111111.portal.us-east-1.app.aws"],
  ["acme", "https://ssoins-1111111111111111.us-east-1.portal.amazonaws.com"],
  ["acme-gov", "https://start.us-gov-home.awsapps.com/directory/acme-gov"],
  ["acme-gov", "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/d-2222222222"],
  ["acme-gov", "https://ssoins-2222222222222222.portal.us-gov-west-1.app.aws"],
  ["acme-gov", "https://ssoins-2222222222222222.us-gov-west-1.portal.amazonaws.com"],
  ["acme-cn", "https://start.home.awsapps.cn/directory/acme-cn"],
  ["acme-cn", "https://start.cn-north-1.home.awsapps.cn/directory/d-3333333333"],
  ["acme-cn", "https://ssoins-3333333333333333.portal.cn-north-1.app.amazonwebservices.com.cn"],
  ["acme-cn", "https://ssoins-3333333333333333.cn-north-1.portal.amazonaws.com.cn"],
  ["acme-eusc", "https://ssoins-4444444444444444.portal.eusc-de-east-1.api.amazonwebservices.eu"],
  ["acme-eusc", "https://ssoins-4444444444444444.eusc-de-east-1.portal.amazonaws.eu"],
] as const;

let sim: Sim;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  sim = await startSim({ world: partitionsWorld });
  const { path: extension } = await ensureBuilt("extension-chromium-tested");
  browser = await openBrowser({ tlsPort: sim.tlsPort, extension, watched: true });
  page = await browser.newScreen();
});
afterAll(async () => {
  await browser.close();
  await sim.close();
  expect(strangersAmong(browser.hosts, sim.origin)).toEqual([]);
  expect(sim.world.unknownCalls).toEqual([]);
});

describe("the real extension in each partition of AWS", () => {
  it.each(PORTALS)("[PB7] copies from the button of %s at %s", async (directory, startUrl) => {
    await signIn(page, { sim, user: "ana", startUrl });
    expect(page.url().startsWith(startUrl)).toBe(true);
    await openAccount(page, STORAGE);
    const before = sim.world.credentials.all.length;
    await press(page, copyButton(page, STORAGE, "S3Admin"));
    await expect.poll(() => sim.world.credentials.all.length).toBe(before + 1);
    const issued = sim.world.credentials.all.at(-1)!;
    expect(issued).toMatchObject({ accountId: STORAGE, role: { name: "S3Admin" } });
    expect(issued.directory.spec.name).toBe(directory);
    const copied = async (): Promise<string | undefined> =>
      environmentOf(await browser.clipboard()).AWS_ACCESS_KEY_ID;
    await expect.poll(copied).toBe(issued.accessKeyId);
  });
});
