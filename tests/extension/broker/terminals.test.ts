import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../../support/world.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";
import { grantOf, joinTerminal, LAPTOP, termsFor } from "./terminal.ts";

const terms = termsFor({ roles: [S3_ADMIN] });

/** A real broker in workerd, which may have to be built first. */

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

async function enrolled() {
  const background = new Background(networkOf(world.sim));
  const token = await signedIn(world.sim, background);
  const done = await background.ask("enrol", { code: await world.broker.newEnrolmentCode() });
  expect(done).toEqual({ ok: true, value: { url: world.broker.url, bid: world.broker.bid, setup: false } });
  return { background, token };
}

/** Where the pairing stands once it is no longer at `step`. */
const after = (background: Background, step: string) =>
  background.until("pairing", async () => {
    const view = await background.ask("pairState");
    return view.ok && view.value.step !== step ? view.value : undefined;
  });

async function joined(background: Background) {
  const started = await background.ask("pairStart");
  if (!started.ok || started.value.step !== "waiting") throw new Error("no code");
  const terminal = await joinTerminal(started.value.code);
  expect(await after(background, "waiting")).toMatchObject({ step: "words" });
  return terminal;
}

async function paired(background: Background) {
  const terminal = await joined(background);
  await background.ask("pairWords", { words: terminal.words.join(" ") });
  expect(await background.ask("pairApprove", terms)).toMatchObject({
    value: { step: "done", name: "thinkpad" },
  });
  return { ...terminal, device: await terminal.device() };
}

const deviceView = async (background: Background) => {
  const state = await background.ask("state");
  return state.ok ? state.value.devices[0] : undefined;
};

describe("enrolment", () => {
  it("[EN3] [EN1] is done with one code, once, and a second use is refused", async () => {
    const background = new Background(networkOf(world.sim));
    const code = await world.broker.newEnrolmentCode();
    expect(await background.ask("enrolPreview", { code })).toEqual({
      ok: true,
      value: { url: world.broker.url, permission: null, setup: false, replaces: null },
    });
    expect((await background.ask("enrol", { code })).ok).toBe(true);
    expect(await background.ask("state")).toMatchObject({ value: { broker: { status: "ok" } } });
    const other = new Background(networkOf(world.sim));
    expect(await other.ask("enrol", { code })).toMatchObject({ problem: { code: "enrolment-refused" } });
    expect(await other.ask("state")).toMatchObject({ value: { broker: { status: "none" } } });
  });

  it("is told apart from text that is no whole code, and from a broker that is not there", async () => {
    const code = await world.broker.newEnrolmentCode();
    const background = new Background(networkOf(world.sim));
    const half = await background.ask("enrol", { code: code.slice(0, -3) });
    expect(half).toMatchObject({ problem: { code: "code-unreadable" } });
    const offline = new Background(() => Promise.reject(new TypeError("offline")));
    expect(await offline.ask("enrol", { code })).toMatchObject({ problem: { code: "broker-unreachable" } });
  });

  it("needs a terminal's broker before a terminal can be paired", async () => {
    const background = new Background(networkOf(world.sim));
    expect(await background.ask("pairStart")).toMatchObject({ problem: { code: "no-broker" } });
  });
});

describe("pairing, in the extension", () => {
  it("[PA6] [EV1] ends with a terminal that gets exactly the roles that were ticked", async () => {
    const { background } = await enrolled();
    const { device } = await paired(background);
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    const other = await device.credentials(READ_ONLY);
    expect(other).toMatchObject({ ok: false, error: { code: "policy" } });
    expect(await deviceView(background)).toMatchObject({
      name: "thinkpad",
      host: LAPTOP.host,
      osUser: LAPTOP.osUser,
      ssh: false,
      modes: ["sealed"],
      portal: ACME,
      roles: [S3_ADMIN],
      status: "ready",
    });
  });

  it("[PA5] ends at once when the words are wrong, for the terminal too, and there is no second try", async () => {
    const { background } = await enrolled();
    const terminal = await joined(background);
    const wrong = await background.ask("pairWords", { words: "maple orbit tennis" });
    expect(wrong).toMatchObject({ value: { step: "failed", problem: { code: "pairing-words" } } });
    const right = await background.ask("pairWords", { words: terminal.words.join(" ") });
    expect(right).toMatchObject({ ok: false, problem: { code: "no-pairing" } });
    expect(await terminal.outcome).toMatchObject({ ok: false, error: { code: "pairing-words" } });
    expect(await deviceView(background)).toBeUndefined();
  });

  it("[PA6] grants nothing before the words were typed", async () => {
    const { background } = await enrolled();
    const terminal = await joined(background);
    expect(await background.ask("pairApprove", terms)).toMatchObject({ problem: { code: "no-pairing" } });
    expect(await deviceView(background)).toBeUndefined();
    await background.ask("pairCancel");
    await terminal.outcome;
  });

  it("[PA12] tells the terminal at once when the user refuses", async () => {
    const { background } = await enrolled();
    const terminal = await joined(background);
    await background.ask("pairCancel");
    expect(await terminal.outcome).toMatchObject({ ok: false, error: { code: "pairing-refused" } });
    expect(await background.ask("pairState")).toEqual({ ok: true, value: { step: "none" } });
  });

  it("goes on where it was when the background was put to sleep in between", async () => {
    const { background } = await enrolled();
    const started = await background.ask("pairStart");
    if (!started.ok || started.value.step !== "waiting") throw new Error("no code");
    const terminal = await joinTerminal(started.value.code);
    await after(background, "waiting");
    background.start();
    await background.ask("pairWords", { words: terminal.words.join(" ").toUpperCase() });
    background.start();
    expect(await background.ask("pairState")).toMatchObject({ value: { step: "choose", host: LAPTOP.host } });
    await background.ask("pairApprove", terms);
    expect((await (await terminal.device()).credentials(S3_ADMIN)).ok).toBe(true);
  });

  it("takes two quick clicks on Approve for one", async () => {
    const { background } = await enrolled();
    const terminal = await joined(background);
    await background.ask("pairWords", { words: terminal.words.join("-") });
    const [first, second] = await Promise.all([
      background.ask("pairApprove", terms),
      background.ask("pairApprove", terms),
    ]);
    expect(first).toMatchObject({ value: { step: "done" } });
    expect(second).toMatchObject({ problem: { code: "no-pairing" } });
    expect(await background.ask("state")).toMatchObject({ value: { devices: [{ name: "thinkpad" }] } });
    await terminal.outcome;
  });

  it("grants the portal, region and time that were chosen, and relays nothing", async () => {
    const { background } = await enrolled();
    const { outcome } = await paired(background);
    const grant = await grantOf(outcome);
    expect(grant.policy).toMatchObject({
      region: "us-east-1",
      start: `${ACME}/start`,
      ask: [],
      sensitive: [],
    });
    expect(grant.policy.allow).toEqual([{ account: S3_ADMIN.account, roles: [S3_ADMIN.role] }]);
    expect(grant.modes).toEqual(["sealed"]);
    expect(grant.exp - grant.iat).toBe(terms.lifetimeSeconds);
  });
});

describe("the session of paired terminals", () => {
  it("[EV7] ends with the portal session, and comes back with the next one", async () => {
    const { background } = await enrolled();
    const { device } = await paired(background);
    await background.cookies.remove("acme.awsapps.com");
    const refusal = await background.until("state", async () => {
      const answer = await device.credentials(S3_ADMIN);
      return answer.ok ? undefined : answer.error.code;
    });
    expect(refusal).toBe("sso-expired");
    await signedIn(world.sim, background);
    await background.until("state", async () => ((await device.credentials(S3_ADMIN)).ok ? true : undefined));
  });

  it("[EV1] follows a new sign-in without the user doing anything", async () => {
    const { background, token } = await enrolled();
    const { device } = await paired(background);
    world.sim.endSession(token);
    await signedIn(world.sim, background);
    await background.until("state", async () => ((await device.credentials(S3_ADMIN)).ok ? true : undefined));
  });

  it("[EV2] is handed to the devices of our own list only", async () => {
    const { background } = await enrolled();
    const { device: forgotten } = await paired(background);
    await background.local.set({ devices: [] });
    await background.cookies.remove("acme.awsapps.com");
    await background.until("state", async () => {
      return (await forgotten.credentials(S3_ADMIN)).ok ? undefined : true;
    });
    await signedIn(world.sim, background);
    const { device: known } = await paired(background);
    expect((await known.credentials(S3_ADMIN)).ok).toBe(true);
    expect(await forgotten.credentials(S3_ADMIN)).toMatchObject({ error: { code: "sso-expired" } });
  });

  it("is handed over once more in a new browser session", async () => {
    const { background } = await enrolled();
    const { device } = await paired(background);
    background.session.clear();
    const state = background.changed("state");
    await background.start().started();
    await state;
    await background.until("state", async () =>
      (await deviceView(background))?.status === "ready" ? true : undefined,
    );
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
  });
});

describe("somebody else at the same portal", () => {
  it("[EV2] hands nothing to a terminal that another person has paired", async () => {
    const { background, token } = await enrolled();
    const { device } = await paired(background);
    expect((await device.credentials(S3_ADMIN)).ok).toBe(true);

    world.sim.endSession(token);
    await background.cookies.remove("acme.awsapps.com");
    await signedIn(world.sim, background, "acme", "ben");
    // The ended session emptied the ledger; a line in it says that this terminal has been dealt with again.
    await background.until("state", async () => {
      const { deposits } = (await background.session.get("deposits")) as { deposits?: { deposits: object } };
      return Object.hasOwn(deposits?.deposits ?? {}, device.grant.did) ? true : undefined;
    });
    const envelope = await device.session();
    expect(envelope).toMatchObject({ ok: false, error: { code: "sso-expired" } });

    await background.cookies.remove("acme.awsapps.com");
    await signedIn(world.sim, background, "acme", "ana");
    await eventually(async () => expect((await device.credentials(S3_ADMIN)).ok).toBe(true));
  });
});

describe("taking a terminal's right away", () => {
  it("[RV1] works at once, and a later one has a higher number", async () => {
    const { background } = await enrolled();
    const first = await paired(background);
    const second = await paired(background);
    for (const { device } of [first, second]) {
      const { did } = device.grant;
      expect(await background.ask("deviceRevoke", { did })).toEqual({ ok: true, value: {} });
      expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: false, error: { code: "revoked" } });
    }
    expect(await deviceView(background)).toBeUndefined();
  });

  it("works after the extension has lost its own number", async () => {
    const { background } = await enrolled();
    const first = await paired(background);
    await background.ask("deviceRevoke", { did: first.device.grant.did });
    const second = await paired(background);
    await background.local.remove("revoked");
    expect((await background.ask("deviceRevoke", { did: second.device.grant.did })).ok).toBe(true);
    expect(await second.device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "revoked" } });
  });

  it("does not say so when the broker could not be told: the terminal stays in the list", async () => {
    const network = { fetch: networkOf(world.sim) };
    const background = new Background((...call) => network.fetch(...call));
    await signedIn(world.sim, background);
    await background.ask("enrol", { code: await world.broker.newEnrolmentCode() });
    const { device } = await paired(background);
    network.fetch = () => Promise.reject(new TypeError("offline"));
    const { did } = device.grant;
    const answer = await background.ask("deviceRevoke", { did });
    expect(answer).toMatchObject({ ok: false, problem: { code: "broker-unreachable" } });
    expect(await deviceView(background)).toMatchObject({ did });
  });

  it("happens to all of them when the broker is given up", async () => {
    const { background } = await enrolled();
    const { device } = await paired(background);
    expect((await background.ask("unenrol")).ok).toBe(true);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ error: { code: "revoked" } });
    expect(await background.ask("state")).toMatchObject({
      value: { devices: [], broker: { status: "none" } },
    });
  });
});
