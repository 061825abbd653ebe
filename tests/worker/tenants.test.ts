import { signDocument } from "@jcfetch/shared/crypto/sign";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RawAnswer, sealRequest } from "../support/clients.ts";
import {
  credentialRequest,
  type PairedDevice,
  S3_ADMIN,
  startWorld,
  type TestWorld,
  takeInner,
} from "../support/world.ts";

/** Two users of one broker, each with a device, and every way to use what belongs to the other. */
let world: TestWorld;
let mine: PairedDevice;
let theirs: PairedDevice;
beforeAll(async () => {
  world = await startWorld();
  mine = await world.pairedDevice();
  theirs = await world.pairedDevice();
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Runs `attack`, and expects a refusal and no call to AWS. */
async function expectRefused(attack: () => Promise<RawAnswer>, code = "unknown"): Promise<void> {
  const before = world.sim.calls("GetRoleCredentials");
  const answer = await attack();
  expect(answer.code, answer.text).toBe(code);
  expect(world.sim.calls("GetRoleCredentials")).toBe(before);
}

const fetchWith = async (sender: PairedDevice, request: object, uid = sender.uid): Promise<RawAnswer> =>
  sender.send("/v1/credentials", await sealRequest(sender, uid, request));

describe("documents of another user or device", () => {
  it("[CR1] are not needed: both users are served with their own", async () => {
    expect(await mine.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    expect(await theirs.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });

  it("[PF1] their grant with my signature", async () => {
    await expectRefused(() => mine.send("/v1/envelope", { grant: theirs.grant }));
    await expectRefused(() => mine.send("/v1/leave", { grant: theirs.grant }));
    await expectRefused(() =>
      mine.send("/v1/envelope", { grant: theirs.grant }, {}, { "jc-user": theirs.uid }),
    );
    await expectRefused(() =>
      mine.send("/v1/envelope", { grant: theirs.grant }, { gh: theirs.gh }, { "jc-user": theirs.uid }),
    );
  });

  it("[PF2] their name with my signature", async () => {
    const { extension } = mine.user;
    await expectRefused(() =>
      extension.send("/v1/devices", {}, { uid: theirs.uid }, { "jc-user": theirs.uid }),
    );
    const claims = { uid: theirs.uid, Esig: theirs.user.extension.Esig };
    await expectRefused(() => extension.send("/v1/devices", {}, claims, { "jc-user": theirs.uid }));
  });

  it("[EV3] their envelope in my request", async () => {
    const held = { mine: await takeInner(mine), theirs: await takeInner(theirs) };
    await expectRefused(async () => fetchWith(mine, await credentialRequest(mine, held.theirs)));
    const mixed = { jws: held.mine.jws, inner: held.theirs.inner };
    await expectRefused(async () => fetchWith(mine, await credentialRequest(mine, mixed)));
  });

  it("[EV3] an envelope that I sign around their lock", async () => {
    const held = await takeInner(theirs);
    const { uid, did, gh } = mine;
    const { seq } = (await takeInner(mine)).envelope;
    const forged = { ...held.envelope, uid, did, gh, seq };
    const jws = await signDocument("jc-env+jwt", forged, mine.user.extension.signing.privateKey);
    // The lock names the user, device and grant it was made for, so it does not open for mine.
    await expectRefused(
      async () => fetchWith(mine, await credentialRequest(mine, { jws, inner: held.inner })),
      "envelope-stale",
    );
  });

  it("[EV3] an envelope of another device of mine", async () => {
    const other = await world.pairedDevice({ user: mine.user });
    const held = await takeInner(other);
    await expectRefused(async () => fetchWith(mine, await credentialRequest(mine, held)));
  });

  it("[DC4] a request that was sealed for them", async () => {
    const held = await takeInner(mine);
    await expectRefused(async () => fetchWith(mine, await credentialRequest(mine, held), theirs.uid));
  });

  it("[GR1] a grant that I sign for their device, or with their name in it", async () => {
    const { extension } = mine.user;
    const policy = world.policyFor(mine.user);
    const own = { name: "x", modes: ["sealed"], policy, expiresAt: mine.device.grant.exp } as const;
    const widened = { ...mine.device.grant, uid: theirs.uid };
    const jws = await signDocument("jc-grant+jwt", widened, extension.signing.privateKey);
    await expectRefused(() => extension.send("/v1/grants", { grant: jws }));
    await expectRefused(() => extension.send("/v1/grants", { grant: theirs.grant }));
    // I may well grant their device something of mine; it stays without effect on what is theirs.
    const foreign = await extension.authority.signGrant(theirs.keys, own);
    expect((await extension.send("/v1/grants", { grant: foreign })).status).toBe(200);
    expect(await theirs.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });

  it("[GR1] a policy that the device widens itself", async () => {
    const widened = { ...mine.device.grant, policy: { ...mine.device.grant.policy, maxPerMinute: 599 } };
    const jws = await signDocument("jc-grant+jwt", widened, mine.signing.privateKey);
    await expectRefused(() => mine.send("/v1/envelope", { grant: jws }));
  });

  it("[GR2] a grant for another broker", async () => {
    const elsewhere = { ...mine.device.grant, bid: "B".repeat(43) };
    const jws = await signDocument("jc-grant+jwt", elsewhere, mine.user.extension.signing.privateKey);
    await expectRefused(() => mine.send("/v1/envelope", { grant: jws }));
    await expectRefused(() => mine.user.extension.send("/v1/grants", { grant: jws }));
  });

  it("[PF6] strangers, foreign names and bad signatures get one and the same answer", async () => {
    const answers = await Promise.all([
      mine.send("/v1/envelope", { grant: mine.grant }, {}, { "jc-user": "a".repeat(26) }),
      mine.send("/v1/envelope", { grant: mine.grant }, {}, { "jc-proof": "a.b.c" }),
      mine.send("/v1/envelope", { grant: theirs.grant }),
      (await world.pairedDevice({ registered: false })).send("/v1/envelope", { grant: mine.grant }),
    ]);
    const shapes = answers.map(({ json: { trace: _, ...rest } }) => JSON.stringify(rest));
    expect(new Set(shapes).size).toBe(1);
  });

  it("[DC1] a document of one kind in the place of another", async () => {
    const held = await takeInner(mine);
    await expectRefused(() => mine.send("/v1/envelope", { grant: held.jws }));
    await expectRefused(async () =>
      fetchWith(mine, await credentialRequest(mine, { ...held, jws: mine.grant })),
    );
    await expectRefused(() => mine.user.extension.send("/v1/revocations", { revocations: mine.grant }));
  });
});
