import { utf8 } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys, importPublicKey } from "@jcfetch/shared/crypto/keys";
import { seal } from "@jcfetch/shared/crypto/seal";
import { extensionContext } from "@jcfetch/shared/protocol/contexts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PairingTerms } from "../../../extension/src/messaging/terms.ts";
import { eventually } from "../../support/eventually.ts";
import { READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../../support/world.ts";
import type { BackgroundOptions } from "../messaging/background-world.ts";
import { enrolledBackground, pairedWith, question, Voice } from "./pairing.ts";

/** A real broker in workerd, which may have to be built first. */

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const MODES: readonly PairingTerms["mode"][] = ["relay", "sealed"];

/** Nobody waits a whole minute for a test; everything else takes its time. */
const onlyTheMinute = (ms: number): number => (ms === 60_000 ? 200 : 1);

async function asking(
  over: Partial<PairingTerms> = {},
  voice = new Voice(),
  options: BackgroundOptions = {},
) {
  const { background, network } = await enrolledBackground(world, options);
  const terms = { roles: [S3_ADMIN], ask: [S3_ADMIN.role], ...over };
  const device = await pairedWith(background, terms, voice);
  await background.connected();
  const answer = async (digits: string | null) => {
    const { id } = await question(background);
    return background.ask("approvalAnswer", { id, digits });
  };
  return { background, network, device, voice, answer };
}

describe.each(MODES)("a role that asks, in %s mode", (mode) => {
  it("[AS1] [AS2] [AS3] is given once its user has typed the number that the terminal shows", async () => {
    const { background, device, voice } = await asking({ mode });
    const credentials = device.credentials(S3_ADMIN);
    const shown = await question(background);
    expect(shown).toMatchObject({
      did: device.did,
      name: "thinkpad",
      host: "thinkpad",
      osUser: "ana",
      ssh: false,
      process: voice.process,
      directory: voice.directory,
      account: S3_ADMIN.account,
      role: S3_ADMIN.role,
    });
    expect(shown.untilMs - Date.now()).toBeLessThanOrEqual(60_000);
    expect(background.notices.get("question")?.title).toMatch(/^thinkpad wants S3Admin in /);
    await eventually(() => expect(background.titles.at(-1)).toBe("jcfetch: thinkpad wants S3Admin"));
    expect(background.icons.at(-1)).toContain("attention");

    const done = await background.ask("approvalAnswer", { id: shown.id, digits: voice.digits });
    expect(done).toEqual({ ok: true, value: { outcome: "approved" } });
    expect((await credentials).ok).toBe(true);
    expect(background.notices.has("question")).toBe(false);
    const state = await background.ask("state");
    expect(state).toMatchObject({ value: { approval: null, asked: { id: shown.id, outcome: "approved" } } });
  });

  it("[AS3] [AS6] is refused by Refuse and by another number, and the third refusal in a row locks the terminal", async () => {
    const { background, device, voice, answer } = await asking({ mode });
    const refusals = [null, voice.wrongDigits, null];
    const codes: string[] = [];
    for (const [at] of refusals.entries()) {
      const credentials = device.credentials(S3_ADMIN);
      await question(background);
      const said = await answer(at === 1 ? voice.wrongDigits : null);
      expect(said).toMatchObject({ value: { outcome: ["refused", "wrong-number", "locked"][at] } });
      const outcome = await credentials;
      codes.push(outcome.ok ? "ok" : outcome.error.code);
    }
    expect(codes).toEqual(["approval-refused", "approval-refused", "locked"]);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "locked" } });
    expect(await background.ask("state")).toMatchObject({ value: { devices: [{ status: "locked" }] } });
    background.start();
    await background.connected();
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "locked" } });

    expect((await background.ask("deviceUnlock", { did: device.did })).ok).toBe(true);
    await eventually(async () => {
      const asked = device.credentials(S3_ADMIN);
      await question(background);
      await answer(voice.digits);
      expect((await asked).ok).toBe(true);
    });
  });

  it("[AS6] starts counting anew when one was approved", async () => {
    const { background, device, voice, answer } = await asking({ mode });
    for (const isRight of [false, false, true, false, false]) {
      const credentials = device.credentials(S3_ADMIN);
      await question(background);
      await answer(isRight ? voice.digits : null);
      expect((await credentials).ok).toBe(isRight);
    }
    expect(await background.ask("state")).toMatchObject({ value: { devices: [{ status: "ready" }] } });
  });

  it("[AS3] asks one question at a time", async () => {
    const { background, device, answer, voice } = await asking({ mode });
    const first = device.credentials(S3_ADMIN);
    await question(background);
    const { digits } = voice;
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "approval-busy" } });
    await answer(digits);
    expect((await first).ok).toBe(true);
  });

  it("[AS3] is refused when nobody answers in time, and that is no refusal of the user's", async () => {
    const { background, device } = await asking({ mode }, new Voice(), { haste: onlyTheMinute });
    for (let time = 0; time < 4; time++) {
      const credentials = device.credentials(S3_ADMIN);
      const { id } = await question(background);
      expect(await credentials).toMatchObject({ error: { code: "approval-timeout" } });
      expect(await background.ask("approvalAnswer", { id, digits: "42" })).toMatchObject({
        problem: { code: "no-question" },
      });
    }
    expect(await background.ask("state")).toMatchObject({
      value: { devices: [{ status: "ready" }], asked: { outcome: "timeout" } },
    });
  });

  it("[AS5] lets a program without a person ask only where that was allowed", async () => {
    const silent = await asking({ mode }, new Voice(false));
    expect(await silent.device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "needs-approval" } });
    expect((await silent.background.ask("state")).ok).toBe(true);

    const { background, device, voice, answer } = await asking({ mode, unattended: true }, new Voice(false));
    const credentials = device.credentials(S3_ADMIN);
    await question(background);
    await answer(voice.digits);
    expect((await credentials).ok).toBe(true);
  });

  it("[RM10] goes on when the background was stopped meanwhile: the answer to what is on the screen waits for the terminal", async () => {
    const { background, device, voice } = await asking({ mode });
    const credentials = device.credentials(S3_ADMIN);
    const { id } = await question(background);
    const { digits } = voice;
    background.start();
    expect(await background.ask("approvalAnswer", { id, digits })).toEqual({
      ok: true,
      value: { outcome: "approved" },
    });
    expect((await credentials).ok).toBe(true);
    expect(await background.ask("approvalAnswer", { id, digits })).toMatchObject({
      problem: { code: "no-question" },
    });
  });
});

describe("a terminal that does not keep to its grant", () => {
  /** A relay request as a terminal might make it that leaves out what its grant demands. */
  async function request(device: Awaited<ReturnType<typeof pairedWith>>, ask: object | null) {
    const { grant } = device.device;
    const rpk = await exportPublicKey((await generateKeys("agree")).publicKey);
    const context = extensionContext({ uid: device.uid, did: device.did, gh: device.gh });
    const at = { purpose: "relay", bid: device.bid, context } as const;
    const key = (await importPublicKey("agree", grant.Ekem))!;
    const box = await seal(key, at, utf8(JSON.stringify({ rpk, ...S3_ADMIN, ask })));
    return device.send("/v1/relay", { grant: device.grant, box });
  }
  const ask = { num: 42, process: "x", directory: "y", interactive: true };

  it("[AS1] is not served without asking", async () => {
    const { device } = await asking({ mode: "relay" });
    expect(await request(device, null)).toMatchObject({ code: "needs-approval" });
  });

  it("[AS5] is refused by the extension too when nobody there can see the number", async () => {
    const { device } = await asking({ mode: "relay" });
    expect(await request(device, { ...ask, interactive: false })).toMatchObject({ code: "needs-approval" });
  });

  it("[PO2] cannot have a question shown for a role that does not ask, nor by the way of the other mode", async () => {
    const plain = await asking({ mode: "relay", roles: [S3_ADMIN, READ_ONLY], ask: [READ_ONLY.role] });
    expect(await request(plain.device, ask)).toMatchObject({ code: "policy" });
    const sealed = await asking({ mode: "sealed" });
    expect(await request(sealed.device, ask)).toMatchObject({ code: "policy" });
    expect(await sealed.background.ask("state")).toMatchObject({ value: { approval: null } });
  });
});

describe("notifications", () => {
  it("lead to the popup when they are pressed", async () => {
    const { background, device, answer } = await asking();
    const credentials = device.credentials(S3_ADMIN);
    await question(background);
    background.app.notificationClicked("question");
    expect(background.popups).toBe(1);
    await answer(null);
    await credentials;
  });

  it("[PA14] tell of a pairing, and the icon says so until it is put away", async () => {
    const { background } = await enrolledBackground(world);
    await pairedWith(background, { roles: [S3_ADMIN] });
    expect(background.notices.get("paired")).toEqual({
      title: "thinkpad was paired",
      message: "If that was not you, open Terminals and remove it.",
    });
    await eventually(() => expect(background.titles.at(-1)).toBe("jcfetch: a terminal was paired"));
    await background.ask("pairCancel");
    await eventually(() => expect(background.titles.at(-1)).toContain("jcfetch: acme"));
  });
});
