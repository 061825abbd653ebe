import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { directoryHash, encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { describe, expect, it } from "vitest";
import { readDatabases } from "../support/databases.ts";
import { GLOBEX, startFirefoxJourney, startJourney } from "../support/journey.ts";
import { join } from "../support/person.ts";
import type { Screen } from "../support/screen.ts";

/** Of the organization that runs the broker. */
const ACME_DIRECTORY = "d-9067642ab1";

const admitAcme = async () => ({ LOCAL: "1", MEMBER_DIRECTORIES: await directoryHash(ACME_DIRECTORY) });
const BROWSERS = [
  ["Chromium", async () => startJourney({}, await admitAcme())],
  ["Firefox", async () => startFirefoxJourney({}, await admitAcme())],
] as const;

describe.each(BROWSERS)("a member of the organization, in %s", (_browser, start) => {
  it("[EN6] [EN9] [EN10] joins its broker with one press, and can pair terminals there", async () => {
    await using journey = await start();
    const { broker } = journey;
    await journey.signedIn();
    const popup: Screen = await journey.browser.openPopup();
    await popup.getByText("acme").first().waitFor();
    const code = await encodeBrokerAddress({ bid: broker.bid as BrokerId, url: broker.url });
    await join(popup, code, `Join ${new URL(broker.url).host} as a member of acme`);
    await popup.getByRole("main").getByRole("button", { name: "Pair a terminal" }).waitFor();
    await popup.getByRole("main").getByRole("button", { name: "Pair a terminal" }).click();
    await popup.locator(".pair-code").waitFor();
    const enrolled = (await readDatabases(broker, "vault")).flatMap(({ audit }) => audit ?? []);
    expect(JSON.stringify(enrolled)).toContain(await directoryHash(ACME_DIRECTORY));
  });

  it("[EN6] is told so when it is another organization's", async () => {
    await using journey = await start();
    const { broker } = journey;
    await journey.signedIn("ana", GLOBEX);
    const popup: Screen = await journey.browser.openPopup();
    await popup.getByText("globex").first().waitFor();
    const code = await encodeBrokerAddress({ bid: broker.bid as BrokerId, url: broker.url });
    await join(popup, code, `Join ${new URL(broker.url).host} as a member of globex`);
    await popup.getByText("this broker does not admit the members of your directory").waitFor();
    expect(await readDatabases(broker, "vault").catch(() => [])).toEqual([]);
  });
});
