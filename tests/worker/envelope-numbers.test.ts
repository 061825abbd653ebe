import { digest, utf8 } from "@jcfetch/shared/crypto/encoding";
import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import { seal } from "@jcfetch/shared/crypto/seal";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { innerContext } from "@jcfetch/shared/protocol/contexts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fetchKeyset } from "../support/clients.ts";
import { vaultOf } from "../support/databases.ts";
import {
  credentialRequest,
  type PairedDevice,
  S3_ADMIN,
  sendRequest,
  startWorld,
  type TestWorld,
  takeInner,
} from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());
afterEach(() => world.sim.faults.clear());

const codeOf = async (asked: ReturnType<PairedDevice["credentials"]>): Promise<string> => {
  const answer = await asked;
  return answer.ok ? "ok" : answer.error.code;
};

const revoke = async ({ user: { extension } }: PairedDevice, rl: number, dids: PairedDevice["did"][]) => {
  const revocations = await extension.authority.signRevocations({ rl, dids, locked: [], lock: false });
  expect((await extension.send("/v1/revocations", { revocations })).status).toBe(200);
};

const deposit = async ({ user, grant }: PairedDevice, seq: number): Promise<string> => {
  const done = await user.extension.authority.deposit(grant, user.token, user.tokenExpiresAt, seq);
  return done.ok ? "ok" : done.error.code;
};

/** An envelope with every lock and signature right, which its extension has signed and not deposited. */
async function undeposited(device: PairedDevice, seq: number) {
  const { user, bid } = device;
  const { envelope } = await takeInner(device);
  const key = (await importPublicKey("agree", (await fetchKeyset(device.url, bid)).epochs[0]!.pk))!;
  const token = utf8(JSON.stringify({ token: user.token.reveal(), exp: user.tokenExpiresAt }));
  const context = innerContext({ ...envelope, seq });
  const inner = await seal(key, { purpose: "env-inner", bid, context }, token);
  const fields = { ...envelope, seq, ih: await digest(inner.e + inner.c) };
  return { inner, jws: await signDocument("jc-env+jwt", fields, user.extension.signing.privateKey) };
}

describe("an envelope", () => {
  it("[EV7] that was dropped while AWS was being asked yields nothing", async () => {
    const device = await world.pairedDevice();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind: "hold", times: 1 });
    const asked = device.credentials(S3_ADMIN);
    await world.sim.faults.waiting("GetRoleCredentials");
    expect((await device.user.extension.send("/v1/envelopes/drop")).status).toBe(200);
    world.sim.faults.release();
    expect(await codeOf(asked)).toBe("sso-expired");
    const { audit } = await vaultOf(world.broker, device.did);
    expect(audit!.at(-1)).toMatchObject({ act: "fetched", outcome: "sso-expired" });
  });

  it("[EV4] with a number that was never deposited is refused, and AWS is not asked", async () => {
    const device = await world.pairedDevice();
    const ask = async (seq: number) => {
      const request = await credentialRequest(device, await undeposited(device, seq));
      return sendRequest(device, request);
    };
    const { seq } = (await takeInner(device)).envelope;
    expect((await ask(seq)).status).toBe(200); // what the helper makes is good in all but its number
    const before = world.sim.calls("GetRoleCredentials");
    expect((await ask(seq + 1)).code).toBe("envelope-stale");
    expect(world.sim.calls("GetRoleCredentials")).toBe(before);
  });

  it("[EV4] that is older does not come back after its device was removed and let in again", async () => {
    const device = await world.pairedDevice();
    const { seq } = (await takeInner(device)).envelope;
    await revoke(device, 1, [device.did]);
    await revoke(device, 2, []);
    expect(await deposit(device, seq)).toBe("envelope-stale");
    expect(await deposit(device, seq + 1)).toBe("ok");
    expect(await codeOf(device.credentials(S3_ADMIN))).toBe("ok");
  });

  it("[EV4] that is older does not come back after its device signed off and was let in again", async () => {
    const device = await world.pairedDevice();
    const { seq } = (await takeInner(device)).envelope;
    expect(await device.device.leave()).toMatchObject({ ok: true });
    expect((await device.user.extension.send("/v1/grants", { grant: device.grant })).status).toBe(200);
    expect(await deposit(device, seq)).toBe("envelope-stale");
    expect(await deposit(device, seq + 1)).toBe("ok");
    expect(await codeOf(device.credentials(S3_ADMIN))).toBe("ok");
  });
});
