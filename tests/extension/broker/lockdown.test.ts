import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../../support/world.ts";
import { signedIn } from "../messaging/background-world.ts";
import { enrolledBackground, pairedWith } from "./pairing.ts";

/** A real broker in workerd, which may have to be built first. */

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

/** A terminal whose one role the broker serves, and the other the browser. */
async function terminal() {
  const enrolled = await enrolledBackground(world);
  const roles = [S3_ADMIN, READ_ONLY];
  const device = await pairedWith(enrolled.background, { roles, sensitive: [S3_ADMIN.role] });
  await enrolled.background.connected();
  return { ...enrolled, device };
}

interface Ledger {
  readonly deposits: Record<string, { readonly mark: string; readonly expiresAtMs: number }>;
  readonly failures: number;
}

/** Calls to this endpoint find no broker. */
function cutOff(network: { fetch: typeof fetch }, path: string): () => void {
  const direct = network.fetch;
  network.fetch = (input, init) =>
    String(input).endsWith(path) ? Promise.reject(new TypeError("offline")) : direct(input, init);
  return () => {
    network.fetch = direct;
  };
}

/** Somebody else sits on the broker's address and answers to these paths; what he does not answer goes on to the broker. */
function squat(network: { fetch: typeof fetch }, answers: Record<string, () => Response>): () => void {
  const direct = network.fetch;
  network.fetch = (input, init) => {
    const answer = answers[new URL(String(input)).pathname];
    return answer ? Promise.resolve(answer()) : direct(input, init);
  };
  return () => {
    network.fetch = direct;
  };
}

const json = (status: number, type: string, body: object): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": `application/${type}+json` } });

describe("a terminal that the broker gives nothing to", () => {
  it("[EV9] is handed no session, and that is not tried again", async () => {
    const { background, device } = await terminal();
    const ledgerNow = async () => (await background.session.get("deposits")).deposits as Ledger;
    const paired = (await ledgerNow()).deposits[device.did]!.mark;
    const forked = await device.send("/v1/envelope", { grant: device.grant }, { n: 5 });
    expect(forked.code).toBe("fork");
    await signedIn(world.sim, background);
    const ledger = await vi.waitFor(async () => {
      const now = await ledgerNow();
      expect(now.deposits[device.did]?.mark ?? paired).not.toBe(paired);
      return now;
    });
    expect(ledger).toMatchObject({ failures: 0, deposits: { [device.did]: { expiresAtMs: 0 } } });
  });
});

describe("more removed terminals than a list can name", () => {
  const removed = (count: number, expiresAtMs: number) =>
    Array.from({ length: count }, (_, i) => ({
      did: `${"a".repeat(24)}${LETTERS[i >> 5]}${LETTERS[i & 31]}`,
      expiresAtMs,
    }));
  const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

  it("[RV6] lock all of them, and the user is told, until grants have ended", async () => {
    const { background, device: gone } = await terminal();
    const device = await pairedWith(background, { roles: [S3_ADMIN, READ_ONLY], sensitive: [S3_ADMIN.role] });
    const rows = removed(256, Date.now() + 86_400_000);
    await background.local.set({ revoked: { rl: 1, devices: rows } });
    const full = { ok: false, problem: { code: "list-full" } };
    expect(await background.ask("deviceRevoke", { did: gone.did })).toMatchObject(full);
    expect(await background.ask("state")).toMatchObject({
      value: { locked: true, devices: [{ did: device.did, status: "locked" }] },
    });
    for (const role of [S3_ADMIN, READ_ONLY])
      expect(await device.credentials(role)).toMatchObject({ error: { code: "locked" } });
    expect(await gone.credentials(READ_ONLY)).toMatchObject({ error: { code: "revoked" } });

    expect(await background.ask("lockAll", { lock: false })).toMatchObject(full);
    expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "locked" } });

    const { revoked } = await background.local.get("revoked");
    const [first, ...others] = (revoked as { devices: typeof rows }).devices;
    await background.local.set({
      revoked: { ...(revoked as object), devices: [{ ...first, expiresAtMs: 1 }, ...others] },
    });
    expect(await background.ask("lockAll", { lock: false })).toEqual({ ok: true, value: {} });
    for (const role of [S3_ADMIN, READ_ONLY])
      await vi.waitFor(async () => expect((await device.credentials(role)).ok).toBe(true));
    expect(await gone.credentials(READ_ONLY)).toMatchObject({ error: { code: "revoked" } });
  });
});

it("[RV6] names a removed terminal for as long as its grant may not have ended: the browser's clock may be ahead", async () => {
  const { background, device } = await terminal();
  expect((await background.ask("deviceRevoke", { did: device.did })).ok).toBe(true);
  const { revoked } = (await background.local.get("revoked")) as { revoked: { devices: object[] } };
  const devices = revoked.devices.map((row) => ({ ...row, expiresAtMs: Date.now() - 3_600_000 }));
  await background.local.set({ revoked: { ...revoked, devices } });
  for (const lock of [true, false]) expect((await background.ask("lockAll", { lock })).ok).toBe(true);
  expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "revoked" } });
});

describe("a broker that was away when another took its place", () => {
  it("[RV1] hears which terminals were removed when the extension is enrolled there again", async () => {
    await using other = await startWorld();
    const { background, network, device } = await terminal();
    const mend = cutOff(network, "/v1/revocations");
    expect((await background.ask("enrol", { code: await other.broker.newEnrolmentCode() })).ok).toBe(true);
    expect((await device.credentials(READ_ONLY)).ok).toBe(true); // it has not been told
    mend();
    expect((await background.ask("enrol", { code: await world.broker.newEnrolmentCode() })).ok).toBe(true);
    await vi.waitFor(async () =>
      expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "revoked" } }),
    );
  });
});

describe("locking every terminal", () => {
  it("[RV4] [RV2] ends both ways to a role at once, survives the browser, and is lifted again", async () => {
    const { background, device } = await terminal();
    expect(await background.ask("lockAll", { lock: true })).toEqual({ ok: true, value: {} });
    for (const role of [S3_ADMIN, READ_ONLY])
      expect(await device.credentials(role)).toMatchObject({ error: { code: "locked" } });

    background.session.clear();
    const deposits = () => background.asked.filter((url) => url.endsWith("/v1/envelopes")).length;
    const before = deposits();
    await background.start().started();
    await background.connected();
    expect(await background.ask("state")).toMatchObject({
      value: { locked: true, devices: [{ status: "locked" }] },
    });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "locked" } });
    expect(deposits()).toBe(before);

    expect((await background.ask("lockAll", { lock: false })).ok).toBe(true);
    for (const role of [S3_ADMIN, READ_ONLY])
      await eventually(async () => expect((await device.credentials(role)).ok).toBe(true));
  });

  it("[RV4] holds in the browser before the broker knows, and the broker is told when it can be", async () => {
    const { background, network, device } = await terminal();
    const mend = cutOff(network, "/v1/revocations");
    expect(await background.ask("lockAll", { lock: true })).toMatchObject({
      problem: { code: "lock-untold" },
    });
    expect(await background.ask("state")).toMatchObject({ value: { locked: true } });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "locked" } });
    expect((await device.credentials(READ_ONLY)).ok).toBe(true); // the broker does not know yet

    mend();
    await background.app.alarm("deposit");
    await eventually(async () =>
      expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "locked" } }),
    );
  });

  it("[EV9] [RV4] is lifted for the broker's terminals, too, when the broker hears of it later than of them", async () => {
    const { background, network, device } = await terminal();
    expect((await background.ask("lockAll", { lock: true })).ok).toBe(true);
    const mend = cutOff(network, "/v1/revocations");
    const tried = () => background.asked.filter((url) => url.endsWith("/v1/envelopes")).length;
    const before = tried();
    const unlocked = await background.ask("lockAll", { lock: false });
    expect(unlocked).toMatchObject({ problem: { code: "unlock-untold" } });
    await background.app.alarm("deposit");
    await eventually(() => expect(tried()).toBeGreaterThan(before));
    mend();
    await background.app.alarm("deposit");
    await eventually(async () => expect((await device.credentials(READ_ONLY)).ok).toBe(true));
  });

  it("[RV1] believes nobody but the broker that the list has arrived", async () => {
    const { background, network, device } = await terminal();
    const leave = squat(network, { "/v1/revocations": () => json(200, "jc", { ok: true }) });
    expect(await background.ask("lockAll", { lock: true })).toMatchObject({
      problem: { code: "lock-untold" },
    });
    leave();
    await background.app.alarm("deposit");
    await eventually(async () =>
      expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "locked" } }),
    );
  });

  it("[RV4] is not talked out of it by numbers that nobody could have given", async () => {
    const { background, network, device } = await terminal();
    const rl = Number.MAX_SAFE_INTEGER;
    const leave = squat(network, {
      "/v1/revocations": () => json(409, "problem", { code: "envelope-stale" }),
      "/v1/devices": () => json(200, "jc", { rl, regressed: false, devices: [] }),
    });
    expect((await background.ask("lockAll", { lock: true })).ok).toBe(false);
    leave();
    expect(await background.ask("state")).toMatchObject({ value: { locked: true } });
    await background.app.alarm("deposit");
    await eventually(async () =>
      expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "locked" } }),
    );
  });

  it("[RV4] is no fault of the broker's, as long as it has not been told, to the other terminals", async () => {
    const { background, network, device } = await terminal();
    const other = await pairedWith(background, { roles: [S3_ADMIN], mode: "relay" });
    const mend = cutOff(network, "/v1/revocations");
    expect((await background.ask("deviceRevoke", { did: device.did })).ok).toBe(false);
    expect(await other.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    mend();
  });

  it("[RV1] a terminal whose removal the broker has not heard of gets nothing here, and goes when it has", async () => {
    const { background, network, device } = await terminal();
    const mend = cutOff(network, "/v1/revocations");
    expect((await background.ask("deviceRevoke", { did: device.did })).ok).toBe(false);
    expect(await background.ask("state")).toMatchObject({ value: { devices: [{ status: "removing" }] } });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "revoked" } });
    mend();
    await background.app.alarm("deposit");
    await background.until("state", async () => {
      const state = await background.ask("state");
      return state.ok && state.value.devices.length === 0 ? true : undefined;
    });
    expect(await device.credentials(READ_ONLY)).toMatchObject({ error: { code: "revoked" } });
  });
});
