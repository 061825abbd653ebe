import { generateKeys } from "@jcfetch/shared/crypto/keys";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import { decodeEnrolmentCode, encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchKeyset } from "../support/clients.ts";
import { type HostileBroker, startHostileBroker } from "../support/hostile-broker.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { measured } from "./scale.ts";
import { openable } from "./victim.ts";

/** The real extension in a real browser, given the code of a true broker at whose address somebody else answers. */
let journey: Journey;
let hostile: HostileBroker;
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  journey = closing.use(await startJourney());
  hostile = closing.use(await startHostileBroker(journey.broker));
  journey.alsoAsks(hostile.url);
  await journey.signedIn();
});
afterAll(() => closing.disposeAsync());

const HOUR_SECONDS = 3_600;

/** Keysets that are not the broker's, not now, or not for this version. */
const FORGERIES: Record<string, (keyset: Keyset) => Promise<string>> = {
  "signed by a key of its own": async (keyset) =>
    signDocument("jc-keys+jwt", keyset, (await generateKeys("sign")).privateKey),
  "whose epochs are over": (keyset) =>
    hostile.sign("jc-keys+jwt", {
      ...keyset,
      epochs: keyset.epochs.map((epoch) => ({ ...epoch, exp: keyset.time - HOUR_SECONDS })),
    }),
  "of a day ago": (keyset) =>
    hostile.sign("jc-keys+jwt", { ...keyset, time: keyset.time - 24 * HOUR_SECONDS }),
  "with more in it": (keyset) => hostile.sign("jc-keys+jwt", { ...keyset, more: 1 }),
  "that is another document": (keyset) => hostile.sign("jc-state+jwt", keyset),
  "that is none": async () => "a.b.c",
};

/** Paste the broker's own code, but for the address, and press Connect. @returns the popup, and the code's token. */
async function connect(): Promise<{ popup: Page; token: string }> {
  const honest = (await decodeEnrolmentCode(await journey.broker.newEnrolmentCode()))!;
  const popup = await journey.browser.openPopup();
  await popup.getByRole("button", { name: "Set up terminals" }).click();
  const code = await encodeEnrolmentCode({ ...honest, url: hostile.url });
  await popup.getByLabel("Code of the broker").fill(code);
  await popup.getByRole("button", { name: "Connect" }).click();
  return { popup, token: honest.token };
}

describe("the extension, before a squatter", () => {
  it("D-18: refuses every keyset that is not its broker's of now, and has sent nothing that opens", async (test) => {
    const { url, bid } = journey.broker;
    for (const [name, forge] of Object.entries(FORGERIES)) {
      hostile.behave();
      hostile.set("/v1/keys", async () => ({
        status: 200,
        headers: { "content-type": "application/jc+json" },
        body: JSON.stringify({ keyset: await forge(await fetchKeyset(url, bid)) }),
      }));
      const { popup, token } = await connect();
      await popup.locator(".notice .say").waitFor();
      expect(
        hostile.heard.map(({ path }) => path),
        name,
      ).toContain("/v1/keys");
      expect(openable(hostile.heard), name).toEqual([]);
      expect(JSON.stringify(hostile.heard), name).not.toContain(token);
      await popup.close();
    }
    // To the broker that it is, at the same address, it goes.
    hostile.behave();
    const { popup } = await connect();
    await popup.getByRole("main").getByRole("button", { name: "Pair a terminal" }).waitFor();
    expect(openable(hostile.heard)).toContain("/v1/enrol");
    measured(test, `${Object.keys(FORGERIES).length} keysets`);
  });
});
