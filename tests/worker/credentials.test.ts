import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import type { Region } from "@jcfetch/shared/domain/portal";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { vaultOf } from "../support/databases.ts";
import {
  credentialRequest,
  keptRequest,
  type PairedDevice,
  READ_ONLY,
  S3_ADMIN,
  sendRequest,
  startWorld,
  type TestWorld,
  takeInner,
} from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());
afterEach(() => world.sim.faults.clear());

const calls = (): number => world.sim.calls("GetRoleCredentials");
const audit = async ({ did }: PairedDevice) =>
  (await vaultOf(world.broker, did)).audit!.filter(
    (row) => row.did === did && String(row.act).startsWith("fetch"),
  );

/** Runs `ask`, and says how many calls to AWS it made. */
async function countingCalls<T>(ask: () => Promise<T>): Promise<[T, number]> {
  const before = calls();
  const answer = await ask();
  return [answer, calls() - before];
}

const codeOf = (answer: Awaited<ReturnType<PairedDevice["credentials"]>>): string =>
  answer.ok ? "ok" : answer.error.code;

describe("credentials of an allowed role", () => {
  it("[CR1] [CR6] are those that AWS issued", async () => {
    const device = await world.pairedDevice();
    const [answer, made] = await countingCalls(() => device.credentials(S3_ADMIN));
    expect(made).toBe(1);
    if (!answer.ok) throw new Error(answer.error.code);
    const issued = world.sim.world.credentials.find(answer.value.accessKeyId);
    expect(issued).toMatchObject({
      secretAccessKey: answer.value.secretAccessKey.reveal(),
      sessionToken: answer.value.sessionToken.reveal(),
      expiresAtMs: answer.value.expiresAtMs,
    });
  });

  it("[CR3] are asked for anew each time", async () => {
    const device = await world.pairedDevice();
    const [answers, made] = await countingCalls(async () => [
      await device.credentials(S3_ADMIN),
      await device.credentials(S3_ADMIN),
    ]);
    const keys = answers.map((answer) => (answer.ok ? answer.value.accessKeyId : answer.error.code));
    expect(made).toBe(2);
    expect(new Set(keys).size).toBe(2);
  });

  it("[CR8] come from the region of the grant", async () => {
    const user = await world.enrolledUser({ directory: "globex" });
    const device = await world.pairedDevice({ user });
    const account = world.sim.world.directory("globex").spec.accounts[0]!;
    const want = { account: account.id as AccountId, role: account.roles[0]!.name as RoleName };
    await device.credentials(want);
    expect(world.sim.world.calls.all.at(-1)?.host).toBe("portal.sso.eu-central-1.amazonaws.com");
  });

  it("[CR8] are asked nowhere when the grant names a region that is in no table", async () => {
    const user = await world.enrolledUser();
    const policy = { region: "us-east-1.example.org/" as Region };
    const device = world.pairedDevice({ user, policy });
    await expect(device).rejects.toThrow();
  });
});

describe("what AWS refuses", () => {
  it.each([
    ["unauthorized", "sso-expired"],
    ["forbidden", "role-not-assigned"],
    ["throttle", "upstream-throttled"],
    ["error", "upstream"],
    ["garbage", "upstream"],
  ] as const)("[CR5] keeps its meaning: %s is %s", async (kind, code) => {
    const device = await world.pairedDevice();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind });
    const answer = await device.credentials(S3_ADMIN);
    expect(codeOf(answer)).toBe(code);
    if (!answer.ok && code === "upstream-throttled")
      expect(answer.error.retryAfterSeconds).toBeGreaterThan(0);
  });

  it("[CR5] includes an answer that does not come: it is given up after ten seconds", async () => {
    const device = await world.pairedDevice();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hang", times: 1 });
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("upstream");
  });

  it("[EV5] a token that AWS refuses ends its envelope, and a new sign-in mends it", async () => {
    const device = await world.pairedDevice();
    world.sim.endSession(device.user.token.reveal());
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("sso-expired");
    const [again, made] = await countingCalls(() => device.credentials(S3_ADMIN));
    expect([codeOf(again), made]).toEqual(["sso-expired", 0]);
    const { envelopes } = await vaultOf(world.broker, device.did);
    expect(envelopes).toMatchObject([{ did: device.did, jws: null, outer_lock: null }]);

    world.signIn(device.user, {});
    await world.deposit(device.user, device.grant);
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("ok");
  });
});

describe("what the broker refuses", () => {
  it("[CR4] [PO1] [PO2] roles outside the policy make no call to AWS", async () => {
    const device = await world.pairedDevice({
      policy: {
        allow: [{ account: READ_ONLY.account, roles: ["Read*", "S3*", "Admin"] }],
        ask: ["S3*"],
        sensitive: ["Admin"],
      },
    });
    const held = await takeInner(device);
    const tries = [
      ["999999999999", "Other", "policy"],
      ["111122223333", "ReadOnly", "policy"],
      ["999999999999", "Admin", "policy"],
      ["999999999999", "S3Admin", "needs-approval"],
    ] as const;
    const [codes, made] = await countingCalls(() =>
      Promise.all(
        tries.map(async ([account, role]) => {
          const request = await credentialRequest(device, held, { account, role });
          return (await sendRequest(device, request)).code;
        }),
      ),
    );
    expect(codes).toEqual(tries.map(([, , code]) => code));
    expect(made).toBe(0);
    expect(codeOf(await device.credentials(READ_ONLY))).toBe("ok");
  });

  it("[PO2] what the grant wants relayed is not served in sealed mode, and makes no call to AWS", async () => {
    const relayOnly = await world.pairedDevice({ modes: ["relay"], deposited: false });
    const sensitive = await world.pairedDevice({
      modes: ["sealed", "relay"],
      policy: { sensitive: ["S3*"] },
    });
    const held = await takeInner(sensitive);
    const [codes, made] = await countingCalls(() =>
      Promise.all(
        [relayOnly, sensitive].map(async (device) => {
          const request = await credentialRequest(device, held);
          return (await sendRequest(device, request)).code;
        }),
      ),
    );
    expect([codes, made]).toEqual([["policy", "policy"], 0]);
    expect(codeOf(await sensitive.credentials(READ_ONLY))).toBe("ok");
  });

  it("[CR7] credentials that live too long are not delivered, and the audit says so", async () => {
    const device = await world.pairedDevice({ policy: { maxCredentialSeconds: 900 } });
    const [answer, made] = await countingCalls(() => device.credentials(S3_ADMIN));
    expect([codeOf(answer), made]).toEqual(["credential-too-long", 1]);
    expect((await audit(device)).at(-1)).toMatchObject({ act: "fetched", outcome: "credential-too-long" });
  });

  it("[CR10] more requests than the grant gives a minute wait for the next one", async () => {
    const device = await world.pairedDevice({ policy: { maxPerMinute: 2 } });
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("ok");
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("ok");
    const third = await device.credentials(S3_ADMIN);
    expect(third).toMatchObject({ ok: false, error: { code: "rate" } });
    const waitSeconds = third.ok ? 0 : third.error.retryAfterSeconds!;
    expect(waitSeconds).toBeGreaterThan(50);
    expect(waitSeconds).toBeLessThanOrEqual(60);
    await world.advance(waitSeconds);
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("ok");
  });

  it("[CR9] a device that was removed while AWS was being asked gets nothing", async () => {
    const device = await world.pairedDevice();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold", times: 1 });
    const asked = device.credentials(S3_ADMIN);
    await world.sim.faults.waiting("GetRoleCredentials");
    const { authority, send } = device.user.extension;
    const revocations = await authority.signRevocations({
      rl: 1,
      dids: [device.did],
      locked: [],
      lock: false,
    });
    expect((await send("/v1/revocations", { revocations })).status).toBe(200);
    world.sim.faults.release();
    expect(codeOf(await asked)).toBe("revoked");
    expect((await audit(device)).at(-1)).toMatchObject({ act: "fetched", outcome: "revoked" });
  });
});

describe("envelopes", () => {
  it("[EV4] an older one is refused, and the device goes on with the new one by itself", async () => {
    const device = await world.pairedDevice();
    const held = await takeInner(device);
    await world.deposit(device.user, device.grant);
    const old = await keptRequest(device, held);
    expect((await device.send("/v1/credentials", old)).code).toBe("envelope-stale");
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("ok");
  });

  it("[EV5] end with the portal session", async () => {
    const user = await world.enrolledUser({ sessionSeconds: 600 });
    const device = await world.pairedDevice({ user });
    const held = await takeInner(device);
    await world.advance(601);
    const [codes, made] = await countingCalls(async () => {
      const taken = await device.send("/v1/envelope", { grant: device.grant });
      const request = await credentialRequest(device, held);
      const asked = await sendRequest(device, request);
      return [taken.code, asked.code];
    });
    expect(codes).toEqual(["sso-expired", "sso-expired"]);
    expect(made).toBe(0);
  });

  it("[EV7] that were dropped serve nobody, not even a device that has opened one before", async () => {
    const device = await world.pairedDevice();
    const held = await takeInner(device);
    await device.user.extension.send("/v1/envelopes/drop");
    const request = await keptRequest(device, held);
    const [answer, made] = await countingCalls(() => device.send("/v1/credentials", request));
    expect([answer.code, made]).toEqual(["sso-expired", 0]);
  });
});

describe("the audit", () => {
  it("[AU1] has the intent on disk before AWS is asked, and the result once it has answered", async () => {
    const device = await world.pairedDevice();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold", times: 1 });
    const asked = device.credentials(S3_ADMIN);
    await world.sim.faults.waiting("GetRoleCredentials");
    const during = await audit(device);
    expect(during).toMatchObject([{ act: "fetch", account: "999999999999", role: "S3Admin", outcome: null }]);
    world.sim.faults.release();
    expect(codeOf(await asked)).toBe("ok");
    expect(await audit(device)).toMatchObject([
      during[0]!,
      { act: "fetched", intent: during[0]!.seq, outcome: "ok" },
    ]);
  });
});

describe("a clock that is wrong", () => {
  it("[PF3] is mended once, by the signed time of the keyset", async () => {
    await using skewed = await startWorld({ clock: "movable" });
    const device = await skewed.pairedDevice();
    await skewed.broker.advance(300); // the broker's alone: the device is five minutes behind
    expect(codeOf(await device.credentials(S3_ADMIN))).toBe("ok");
    await skewed.broker.advance(601);
    const late = await skewed.pairedDevice().catch((error: Error) => error.message);
    expect(late).toContain("clock-skew");
  });
});
