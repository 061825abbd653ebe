import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchKeyset, newExtension, post } from "../support/clients.ts";
import { readDatabases, vaultOf } from "../support/databases.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

/*
 * Alarms that go off twice, an hour late, six times in vain, or never. What has ended is not honored in any case, and what
 * is left in the end is the same.
 */
let world: TestWorld;
beforeEach(async () => {
  world = await startWorld({ clock: "movable" });
});
afterEach(() => world?.[Symbol.asyncDispose]());

const HOUR = 3_600;

/** What rings: `fails before` and `fails after` are a handler that dies before or after its work. */
type How = "once" | "twice" | "fails before" | "fails after";
type Binding = "VAULT" | "MAILBOX" | "TICKET" | "KEYS";

async function ring(binding: Binding, name: string, how: How): Promise<void> {
  const body = JSON.stringify({ binding, name, how });
  const response = await fetch(`${world.broker.url}/alarm`, { method: "POST", body });
  expect(response.status).toBe(200);
}

const times = (n: number, how: How): How[] => Array<How>(n).fill(how);

/** Each way in which alarms come; the platform tries six times more, and then no more. */
const WAYS: Record<string, readonly How[]> = {
  once: ["once"],
  twice: ["twice"],
  "six times in vain, then at last": [...times(6, "fails before"), "once"],
  "six times, each dying after its work": times(6, "fails after"),
};

/** What is left of a user, without the names that differ from user to user. */
async function leftOf({ did }: PairedDevice): Promise<object> {
  const { devices, envelopes, audit, user } = await vaultOf(world.broker, did);
  return {
    devices: devices!.length,
    envelopes: envelopes!.map(({ seq, jws, outer_lock }) => ({ seq, jws, outer_lock })),
    audit: audit!.map(({ act, outcome }) => ({ act, outcome })),
    users: user!.length,
  };
}

/** One whose grant goes on when the other's, and the portal session, are over. */
async function lived(): Promise<{ stays: PairedDevice; ends: PairedDevice }> {
  const user = await world.enrolledUser({ sessionSeconds: HOUR });
  const stays = await world.pairedDevice({ user, expiresInSeconds: 30 * HOUR });
  const ends = await world.pairedDevice({ user, expiresInSeconds: 2 * HOUR });
  expect((await stays.credentials(S3_ADMIN)).ok).toBe(true);
  return { stays, ends };
}

async function expectOver({ stays, ends }: { stays: PairedDevice; ends: PairedDevice }): Promise<void> {
  const before = world.sim.calls("GetRoleCredentials");
  expect(await stays.credentials(S3_ADMIN)).toMatchObject({ error: { code: "sso-expired" } });
  expect(await ends.credentials(S3_ADMIN)).toMatchObject({ error: { code: "grant-expired" } });
  expect(world.sim.calls("GetRoleCredentials")).toBe(before);
  const { json } = await stays.user.extension.send("/v1/devices");
  expect(json.devices).toMatchObject([{ did: stays.did, envelopeExpiresAt: null }]);
}

describe("the alarm of a user's vault", () => {
  it("D-21: [LM2] however it comes, the same is left; and before it has come nothing that is over is honored", async () => {
    const users = await Promise.all(Object.keys(WAYS).map(() => lived()));
    // An hour and more after the last end, and no alarm has gone off: the platform's clock has not moved.
    await world.advance(3 * HOUR);
    for (const user of users) await expectOver(user);
    const left: object[] = [];
    for (const [i, hows] of Object.values(WAYS).entries()) {
      const { stays } = users[i]!;
      for (const how of hows) await ring("VAULT", stays.uid, how);
      left.push(await leftOf(stays));
    }
    for (const one of left) expect(one).toEqual(left[0]);
    expect(left[0]).toMatchObject({ devices: 1, envelopes: [{ jws: null, outer_lock: null }] });
    for (const user of users) await expectOver(user);
  });

  it("D-21: [LM2] too early, it takes nothing that is still good", async () => {
    const { stays, ends } = await lived();
    await ring("VAULT", stays.uid, "twice");
    expect((await stays.credentials(S3_ADMIN)).ok).toBe(true);
    expect((await ends.credentials(S3_ADMIN)).ok).toBe(true);
  });
});

describe("the alarm of a pairing", () => {
  it.each(Object.keys(WAYS))("D-21: [LM2] %s: the mailbox is over, and stays over", async (way) => {
    const { extension } = await world.enrolledUser();
    const m = (await extension.send("/v1/pairing/open")).json.m as string;
    const join = async (): Promise<unknown> =>
      (await post(world.broker.url, "/v1/pairing/join", { body: { m } })).code;
    await world.advance(121);
    expect(await join()).toBe("pairing-expired");
    await world.advance(HOUR);
    expect(await join()).toBe("pairing-unknown");
    for (const how of WAYS[way]!) await ring("MAILBOX", m, how);
    expect(await join()).toBe("pairing-unknown");
    expect(await readDatabases(world.broker, "mailbox")).toEqual([{}]);
  });
});

describe("the alarm of an enrolment code", () => {
  it.each(Object.keys(WAYS))("D-21: [LM2] %s: a spent code opens nothing again", async (way) => {
    const { token } = (await decodeEnrolmentCode(await world.broker.newEnrolmentCode()))!;
    const ticket = Buffer.from(token, "base64url").subarray(0, 20).toString("base64url");
    expect((await (await newExtension(world.at)).enrol(token)).ok).toBe(true);
    const again = async (): Promise<unknown> => {
      const done = await (await newExtension(world.at)).enrol(token);
      return done.ok ? "enrolled" : done.error.code;
    };
    expect(await again()).toBe("enrolment-refused");
    await world.advance(HOUR);
    expect(await again()).toBe("enrolment-refused");
    for (const how of WAYS[way]!) await ring("TICKET", ticket, how);
    expect(await again()).toBe("enrolment-refused");
  });
});

describe("the alarm of the epoch keys", () => {
  it.each(Object.keys(WAYS))(
    "D-21: %s: a key whose time is over is used by nobody, and is gone",
    async (way) => {
      const device = await world.pairedDevice({ expiresInSeconds: 60 * HOUR });
      const old = (await fetchKeyset(world.broker.url, world.broker.bid)).epochs[0]!.kid;
      await world.advance(37 * HOUR);
      // No alarm so far: the row may lie there, and is not used.
      const keyset = await fetchKeyset(world.broker.url, world.broker.bid);
      expect(keyset.epochs.map(({ kid }) => kid)).not.toContain(old);
      const { code } = await device.send("/v1/credentials", {
        kid: old,
        box: { e: "A".repeat(87), c: "AAAA" },
      });
      expect(code).toBe("epoch-unknown");
      for (const how of WAYS[way]!) await ring("KEYS", "keys", how);
      const rows = (await readDatabases(world.broker, "keys")).flatMap(({ epochs }) => epochs ?? []);
      expect(rows.map(({ kid }) => kid)).toEqual(keyset.epochs.map(({ kid }) => kid));
      world.signIn(device.user, {});
      await world.deposit(device.user, device.grant);
      expect((await device.credentials(S3_ADMIN)).ok).toBe(true);
    },
  );
});
