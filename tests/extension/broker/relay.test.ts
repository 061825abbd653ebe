import { PONG, type ToExtension } from "@jcfetch/shared/protocol/relay";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Flights } from "../../../extension/src/broker/flights.ts";
import type { PairingTerms } from "../../../extension/src/messaging/terms.ts";
import { eventually } from "../../support/eventually.ts";
import { READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../../support/world.ts";
import { Background, networkOf, signedIn } from "../messaging/background-world.ts";
import { enrolledBackground, pairedWith } from "./pairing.ts";

/** A real broker in workerd, which may have to be built first. */

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const RELAYED: Partial<PairingTerms> = { roles: [S3_ADMIN], mode: "relay" };

async function relayed(over: object = {}) {
  const enrolled = await enrolledBackground(world);
  const device = await pairedWith(enrolled.background, { ...RELAYED, ...over });
  await enrolled.background.connected();
  return { ...enrolled, device };
}

/** Forwards what the broker sent a second time, with something put wrong, and gives what the extension says to that. */
async function forwardedAgain(
  { background, device }: Pick<Awaited<ReturnType<typeof relayed>>, "background" | "device">,
  twist: (ask: ToExtension) => object,
): Promise<object> {
  const socket = background.sockets.at(-1)!;
  const heard = new Promise<ToExtension>((resolve) =>
    socket.addEventListener("message", ({ data }) => data !== PONG && resolve(JSON.parse(data as string))),
  );
  expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
  const ask = await heard;
  const again = { ...ask, ...twist(ask), id: "aaaaaaaaaaaaaaaa" };
  const said = vi.spyOn(socket, "send");
  socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(again) }));
  return eventually(() => {
    const words = said.mock.calls.map(([text]) => JSON.parse(String(text)) as { id: string; t: string });
    const last = words.find(({ id, t }) => id === again.id && t !== "got");
    if (!last) throw new Error("nothing was said yet");
    return last;
  });
}

/** From now on calls to AWS wait until they are let go. */
function holdAws(network: { fetch: typeof fetch }) {
  const go = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const direct = network.fetch;
  let calls = 0;
  network.fetch = async (input, init) => {
    if (String(input).includes("/federation/credentials")) {
      calls += 1;
      reached.resolve();
      await go.promise;
    }
    return direct(input, init);
  };
  return { go: () => go.resolve(), reached: reached.promise, calls: () => calls };
}

describe("relay mode, in the extension", () => {
  it("[LK3] gives nothing behind a locked screen, though nobody has looked yet", async () => {
    const { background, device } = await relayed();
    background.idleState = "active";
    await background.ask("guardSet", { lockWithScreen: true });
    background.idleState = "locked";
    const before = background.asked.length;
    expect((await device.credentials(S3_ADMIN)).ok).toBe(false);
    expect(background.asked.slice(before).filter((url) => url.includes("/federation/"))).toEqual([]);
    background.idleState = "active";
    await background.ask("unlock");
    await eventually(async () => expect((await device.credentials(S3_ADMIN)).ok).toBe(true));
  });

  it("[RM4] gives the role from the browser, and the broker holds no session of this terminal", async () => {
    const { background, device } = await relayed();
    const before = background.asked.length;
    const credentials = await device.credentials(S3_ADMIN);
    expect(credentials).toMatchObject({ ok: true, value: { accessKeyId: expect.any(String) as string } });
    expect(
      background.asked.slice(before).filter((url) => url.includes("/federation/credentials")),
    ).toHaveLength(1);
    expect(background.asked.filter((url) => url.endsWith("/v1/envelopes"))).toEqual([]);
    expect(await device.device.session()).toMatchObject({ ok: false, error: { code: "no-session" } });
    const state = await background.ask("state");
    expect(state).toMatchObject({ value: { devices: [{ modes: ["relay"], status: "ready" }] } });
  });

  it("[RM6] keeps the two modes of one terminal apart: what only the browser serves is never opened by the broker", async () => {
    const { background, device } = await relayed({
      roles: [S3_ADMIN, READ_ONLY],
      mode: "sealed",
      sensitive: [S3_ADMIN.role],
    });
    const asked = (): number =>
      background.asked.filter((url) => url.includes("/federation/credentials")).length;
    expect((await device.credentials(READ_ONLY)).ok).toBe(true);
    expect(asked()).toBe(0);
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    expect(asked()).toBe(1);
    background.stop();
    await eventually(async () => {
      const away = await device.credentials(S3_ADMIN);
      expect(away).toMatchObject({ ok: false, error: { code: "browser-offline" } });
    });
    expect((await device.credentials(READ_ONLY)).ok).toBe(true);
  });

  it("[RM9] asks AWS once for all who want one role at one time", async () => {
    const { device, network } = await relayed();
    const aws = holdAws(network);
    const wanted = vi.spyOn(Flights.prototype, "fetch");
    const eight = Array.from({ length: 8 }, () => device.credentials(S3_ADMIN));
    await eventually(() => expect(wanted).toHaveBeenCalledTimes(8));
    wanted.mockRestore();
    await aws.reached;
    aws.go();
    expect((await Promise.all(eight)).every(({ ok }) => ok)).toBe(true);
    expect(aws.calls()).toBe(1);
  });

  it("[RM4] gives nothing to a terminal that was removed while AWS was asked", async () => {
    const { background, device, network } = await relayed();
    await pairedWith(background, RELAYED); // for which the line stays
    const aws = holdAws(network);
    const answer = device.credentials(S3_ADMIN);
    await aws.reached;
    const socket = background.sockets.at(-1)!;
    const said = vi.spyOn(socket, "send");
    await background.ask("deviceRevoke", { did: device.did });
    aws.go();
    expect(await answer).toMatchObject({ ok: false, error: { code: "revoked" } });
    await eventually(() =>
      expect(said.mock.calls.some(([text]) => String(text).includes('"refusal"'))).toBe(true),
    );
    expect(said.mock.calls.some(([text]) => String(text).includes('"answer"'))).toBe(false);
  });

  it("[EV2] serves only the person who paired it, at the portal it was paired for", async () => {
    const { background, device, token } = await relayed();
    world.sim.endSession(token);
    await background.cookies.remove("acme.awsapps.com");
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "no-session" } });
    await signedIn(world.sim, background, "acme", "ben");
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "sso-expired" } });
    await signedIn(world.sim, background, "acme", "ana");
    await eventually(async () => expect((await device.credentials(S3_ADMIN)).ok).toBe(true));
  });

  it("[RM4] delivers nothing that lives longer than the terminal may hold", async () => {
    const { device } = await relayed({ maxCredentialSeconds: 900 });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "credential-too-long" } });
  });

  it("passes on what AWS refuses, in the same words as the broker", async () => {
    const role = "NotAssigned" as typeof S3_ADMIN.role;
    const { device, token } = await relayed({ roles: [S3_ADMIN, { ...S3_ADMIN, role }] });
    expect(await device.credentials({ ...S3_ADMIN, role })).toMatchObject({
      error: { code: "role-not-assigned" },
    });
    world.sim.endSession(token);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "sso-expired" } });
  });
});

describe("a browser whose clock is wrong", () => {
  it.each([300, -300])("[PF3] by %i s goes by the broker's, and serves its terminals", async (seconds) => {
    const now = () => Date.now() + seconds * 1_000;
    const { background } = await enrolledBackground(world, { now });
    const device = await pairedWith(background, RELAYED);
    await background.connected();
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });
});

describe("what a broker forwards that it should not", () => {
  it("[RM3] the same request again is refused as a replay", async () => {
    const parts = await relayed();
    expect(await forwardedAgain(parts, () => ({}))).toMatchObject({ t: "refusal", code: "replay" });
  });

  it.each([
    ["another box", (ask: ToExtension) => ({ box: { ...ask.box, c: `${ask.box.c.slice(0, -4)}AAAA` } })],
    ["a request of the other kind", () => ({ kind: "approval" })],
    ["a proof of nobody's", (ask: ToExtension) => ({ proof: `${ask.proof.slice(0, -4)}AAAA` })],
    ["a grant that was not signed here", (ask: ToExtension) => ({ grant: `${ask.grant.slice(0, -4)}AAAA` })],
  ])("[RM3] %s is unknown", async (_what, twist) => {
    const parts = await relayed();
    expect(await forwardedAgain(parts, twist)).toMatchObject({ t: "refusal", code: "unknown" });
  });

  it("[RM3] a grant that is no longer in the list is unknown, whoever signed it", async () => {
    const { background, device } = await relayed();
    await background.local.set({ devices: [] });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "unknown" } });
  });

  it("[RM3] a grant that has ended by the browser's own clock is not brought back by the broker's, which it goes by", async () => {
    const { background, device } = await relayed();
    const { devices } = (await background.local.get("devices")) as { devices: object[] };
    const ended = devices.map((row) => ({ ...row, expiresAtMs: Date.now() - 1_000 }));
    await background.local.set({ devices: ended });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "grant-expired" } });
  });

  it("[RM4] a role outside of our own copy of the policy is refused here too", async () => {
    const { device } = await relayed();
    expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "policy" } });
  });

  it("what cannot be read is passed over, and the line stays", async () => {
    const { background, device } = await relayed();
    const socket = background.sockets.at(-1)!;
    for (const data of ["", "{", "[]", '{"t":"ask"}', JSON.stringify({ t: "else" }), "x".repeat(70_000)]) {
      socket.dispatchEvent(new MessageEvent("message", { data }));
    }
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
  });
});

describe("the line to the broker", () => {
  const RELAY_ALARM = "relay";

  it("[RM8] is there only for terminals that need the browser", async () => {
    const { background } = await enrolledBackground(world);
    const sealed = await pairedWith(background, { roles: [S3_ADMIN] });
    expect((await sealed.credentials(S3_ADMIN)).ok).toBe(true);
    expect(background.sockets).toEqual([]);
    expect(background.alarms.has(RELAY_ALARM)).toBe(false);
    const device = await pairedWith(background, RELAYED);
    await background.connected();
    expect(background.alarms.get(RELAY_ALARM)).toBe(0.5);
    await background.ask("deviceRevoke", { did: device.did });
    await eventually(() => expect(background.alarms.has(RELAY_ALARM)).toBe(false));
    await eventually(() => expect(background.sockets[0]!.readyState).not.toBe(WebSocket.OPEN));
  });

  it("[RM8] comes back when the browser wakes the background, for whatever reason", async () => {
    const { background, device } = await relayed();
    background.stop();
    await eventually(async () => {
      expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "browser-offline" } });
    });
    await background.start().alarm(RELAY_ALARM);
    await background.connected();
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    expect(background.sockets).toHaveLength(1);
  });

  it("[RM8] comes back by itself after the broker was restarted", async () => {
    await using own = await startWorld();
    const { background } = await enrolledBackground(own, { haste: 10 });
    const device = await pairedWith(background, RELAYED);
    await background.connected();
    await own.broker.restart();
    await eventually(async () => expect((await device.credentials(S3_ADMIN)).ok).toBe(true));
  });

  it("[RM2] leaves the line to another of its kind for a while, so that two do not take it from each other", async () => {
    const { background, device } = await relayed();
    const other = await copyOf(background);
    const closed = new Promise((resolve) =>
      background.sockets[0]!.addEventListener("close", ({ code }) => resolve(code)),
    );
    await other.start().alarm(RELAY_ALARM);
    expect(await closed).toBe(4001);
    await background.app.alarm(RELAY_ALARM);
    expect(background.sockets).toHaveLength(1);
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    other.stop();
  });
});

/** The same profile in another browser. */
async function copyOf(background: Background): Promise<Background> {
  const other = new Background(networkOf(world.sim));
  for (const line of background.local.dump().split("\n")) {
    const at = line.indexOf("=");
    await other.local.set({ [line.slice(0, at)]: JSON.parse(line.slice(at + 1)) });
  }
  await signedIn(world.sim, other);
  return Object.assign(other, { keys: background.keys });
}
