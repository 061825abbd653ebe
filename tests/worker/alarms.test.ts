import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newExtension, post } from "../support/clients.ts";
import { readDatabases, vaultOf } from "../support/databases.ts";
import { S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

/**
 * Alarms come by the machine's clock, and here only the broker's moves: to the broker each of these alarms is late, and
 * what it should have cleaned up still lies there.
 */
let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

describe("what is over, while its alarm has not come", () => {
  it("[LM2] is no envelope to hand out", async () => {
    const user = await world.enrolledUser({ sessionSeconds: 600 });
    const device = await world.pairedDevice({ user });
    await world.advance(601);
    const { envelopes } = await vaultOf(world.broker, device.did);
    expect(envelopes).toMatchObject([{ did: device.did, jws: expect.any(String) as string }]);
    expect((await device.send("/v1/envelope", { grant: device.grant })).code).toBe("sso-expired");
    expect((await user.extension.send("/v1/devices")).json.devices).toMatchObject([
      { envelopeExpiresAt: null },
    ]);
    // Whoever reads it first does what the alarm will do again.
    const after = await vaultOf(world.broker, device.did);
    expect(after.envelopes).toMatchObject([{ did: device.did, jws: null, outer_lock: null }]);
  });

  it("[LM2] is no grant to ask with", async () => {
    const device = await world.pairedDevice({ expiresInSeconds: 300 });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    await world.advance(301);
    const { devices } = await vaultOf(world.broker, device.did);
    expect(devices!.map(({ did }) => did)).toEqual([device.did]);
    expect((await device.send("/v1/envelope", { grant: device.grant })).code).toBe("grant-expired");
    expect((await device.user.extension.send("/v1/devices")).json.devices).toEqual([]);
  });

  it("[LM2] is no mailbox to join, and no code to enrol with", async () => {
    const { extension } = await world.enrolledUser();
    const { json } = await extension.send("/v1/pairing/open");
    const code = await decodeEnrolmentCode(await world.broker.newEnrolmentCode());
    await world.advance(601);
    expect((await readDatabases(world.broker, "mailbox")).length).toBeGreaterThan(0);
    const joined = await post(world.broker.url, "/v1/pairing/join", { body: { m: json.m } });
    expect(joined.code).toBe("pairing-expired");
    const newcomer = await newExtension(world.at);
    expect(await newcomer.enrol(code!.token)).toMatchObject({ error: { code: "enrolment-refused" } });
  });
});
