import { generateKeys } from "@jcfetch/shared/crypto/keys";
import { openDevice } from "@jcfetch/shared/device";
import { pairTerminal } from "@jcfetch/shared/joiner";
import { encodeCode } from "@jcfetch/shared/protocol/enrolment";
import { decodeSetupCode, encodeSetupCode } from "@jcfetch/shared/protocol/setup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newEnrolmentToken, newMailboxId } from "../../../worker/src/local/keys.ts";
import { memory } from "../../support/clients.ts";
import { READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../../support/world.ts";
import { Background, networkOf, signedIn } from "../messaging/background-world.ts";
import { LAPTOP, termsFor } from "./terminal.ts";

/** A real broker in workerd, which may have to be built first. */

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

/** As the host program makes it. */
async function setupCode(url = world.broker.url): Promise<string> {
  const { keys, bid } = world.broker;
  const token = await newEnrolmentToken(keys, Date.now());
  return encodeSetupCode({ bid: bid as never, url, token, m: await newMailboxId(keys) });
}

/** A terminal that waits for its code to be pasted. */
async function waitingTerminal(text: string, waitsMs = 20_000) {
  const code = (await decodeSetupCode(text))!;
  const keys = { signing: await generateKeys("sign"), agreement: await generateKeys("agree") };
  const ports = { url: code.url, fetch, timeoutMs: 15_000, now: Date.now };
  const openedUntilMs = Date.now() + waitsMs;
  const quiet = { words: () => undefined, waiting: () => undefined };
  return { keys, ports, paired: pairTerminal(code, keys, LAPTOP, { ...ports, openedUntilMs }, quiet) };
}

async function signedInBackground(): Promise<Background> {
  const background = new Background(networkOf(world.sim));
  await signedIn(world.sim, background);
  return background;
}

const after = (background: Background, step: string) =>
  background.until("pairing", async () => {
    const view = await background.ask("pairState");
    return view.ok && view.value.step !== step ? view.value : undefined;
  });

const terms = termsFor({ roles: [S3_ADMIN] });

describe("set-up in one paste", () => {
  it("[ST2] [ST3] enrols, shows the terminal of this computer, and gives it what was approved and no more", async () => {
    const background = await signedInBackground();
    const code = await setupCode();
    const terminal = await waitingTerminal(code);
    expect(await background.ask("enrolPreview", { code })).toEqual({
      ok: true,
      value: { url: world.broker.url, permission: null, setup: true, replaces: null },
    });
    expect(await background.ask("enrol", { code })).toMatchObject({ ok: true, value: { setup: true } });
    expect(await after(background, "joining")).toMatchObject({
      ...{ step: "choose", here: true, host: LAPTOP.host, osUser: LAPTOP.osUser },
    });
    expect(await background.ask("pairApprove", terms)).toMatchObject({ value: { step: "done" } });

    const paired = await terminal.paired;
    if (!paired.ok) throw new Error(paired.error.code);
    let counter = 0;
    const nextCounter = async () => ++counter;
    const device = await openDevice(
      { ...terminal.keys, grant: paired.value.jws },
      { ...terminal.ports, nextCounter, ...memory() },
    );
    expect(await device!.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    expect(await device!.credentials(READ_ONLY)).toMatchObject({ error: { code: "policy" } });
  });

  it("[ST3] gives nothing to a terminal that is refused", async () => {
    const background = await signedInBackground();
    const code = await setupCode();
    const terminal = await waitingTerminal(code);
    await background.ask("enrol", { code });
    await after(background, "joining");
    await background.ask("pairCancel");
    expect(await terminal.paired).toMatchObject({ ok: false, error: { code: "pairing-refused" } });
    expect(await background.ask("state")).toMatchObject({ value: { devices: [] } });
  });

  it("[ST5] nobody pastes: the terminal gives up when its time is over, and then nobody is waiting", async () => {
    const code = await setupCode();
    const terminal = await waitingTerminal(code, 1);
    expect(await terminal.paired).toMatchObject({ ok: false, error: { code: "pairing-expired" } });
    const background = await signedInBackground();
    expect(await background.ask("enrol", { code })).toMatchObject({ ok: true });
    expect(await background.ask("pairState")).toMatchObject({ value: { step: "joining" } });
  });

  it("[ST1] [EN2] counts once", async () => {
    const code = await setupCode();
    expect((await (await signedInBackground()).ask("enrol", { code })).ok).toBe(true);
    const other = await (await signedInBackground()).ask("enrol", { code });
    expect(other).toMatchObject({ problem: { code: "enrolment-refused" } });
  });

  it.each(["https://broker.example", "http://localhost:8787", "https://127.0.0.1.broker.example"])(
    "[ST1] is refused, and nothing is sent, when the code leads to %s",
    async (url) => {
      const background = await signedInBackground();
      const before = background.asked.length;
      const code = await setupCode(url);
      for (const verb of ["enrolPreview", "enrol"] as const) {
        expect(await background.ask(verb, { code })).toMatchObject({ problem: { code: "code-unreadable" } });
      }
      expect(background.asked.length).toBe(before);
    },
  );

  it("[ST1] a code with another prefix, or half of one, is no set-up code", async () => {
    const code = await setupCode();
    expect(await decodeSetupCode(code.slice(0, -2))).toBeUndefined();
    expect(await decodeSetupCode(code.replace("jcs1_", "jcb1_"))).toBeUndefined();
    const fields = [32, 52, 32, 32].map((bytes) => new Uint8Array(bytes));
    expect(await decodeSetupCode(await encodeCode("jcs1", fields, "http://[::1]:8787"))).toBeDefined();
  });

  it("tells which broker it would take the place of", async () => {
    await using other = await startWorld();
    const background = await signedInBackground();
    await background.ask("enrol", { code: await other.broker.newEnrolmentCode() });
    const preview = await background.ask("enrolPreview", { code: await setupCode() });
    expect(preview).toMatchObject({ value: { setup: true, replaces: other.broker.url } });
  });
});
