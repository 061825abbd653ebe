import { digest } from "@jcfetch/shared/crypto/encoding";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { toSeconds } from "@jcfetch/shared/time";
import { newDeviceKeys, sealRequest } from "./clients.ts";
import type { EndpointName } from "./endpoint-cases.ts";
import { ask, type EndpointCases, fromExtension, revoke, type Sender } from "./senders.ts";
import type { PairedDevice, PairOptions, TestWorld } from "./world.ts";

/** [EV8] Live devices of one user. */
const MAX_DEVICES = 256;

const grantSender = async (world: TestWorld, from: PairOptions = {}): Promise<Sender> => {
  const user = await world.enrolledUser();
  return fromExtension(user.extension, "/v1/grants", async () => ({
    grant: await world.signGrant(user, await newDeviceKeys(), from),
  }));
};

/** Sign an envelope by hand around locks that need not open: the broker checks their hashes only. */
const envelopeBody = async (device: PairedDevice, fields: object = {}): Promise<object> => {
  const { user, uid, did, gh, bid } = device;
  const { kid } = await sealRequest(device, uid, {});
  const outer = { e: "A".repeat(87), c: "AAAA" };
  const iat = toSeconds(device.now());
  user.seq += 1;
  const hash = await digest(outer.e + outer.c);
  const envelope = {
    v: 1,
    uid,
    did,
    gh,
    bid,
    epoch: kid,
    seq: user.seq,
    iat,
    exp: iat + 600,
    ih: hash,
    oh: hash,
  };
  const jws = await signDocument("jc-env+jwt", { ...envelope, ...fields }, user.extension.signing.privateKey);
  return { envelope: jws, outer };
};

const envelopeSender = async (device: PairedDevice, fields: object = {}): Promise<Sender> =>
  fromExtension(device.user.extension, "/v1/envelopes", () => envelopeBody(device, fields));

const simple =
  (path: string) =>
  async (world: TestWorld): Promise<Sender> =>
    fromExtension((await world.enrolledUser()).extension, path, async () => ({}));

const revokeSender = async (world: TestWorld, rl = 1): Promise<Sender> => {
  const { extension } = await world.enrolledUser();
  let next = rl;
  return fromExtension(extension, "/v1/revocations", async () => ({
    revocations: await extension.authority.signRevocations({ rl: next++, dids: [], locked: [], lock: false }),
  }));
};

/** What the extension leaves with the broker, and takes back. */
export const depositCases = {
  depositGrant: {
    sender: grantSender,
    refusals: {
      revoked: async (world) => {
        const device = await world.pairedDevice();
        await revoke(device);
        const grant = await world.signGrant(device.user, device, { name: "again" });
        return device.user.extension.send("/v1/grants", { grant });
      },
      "grant-expired": async (world) => ask(await grantSender(world, { expiresInSeconds: -1 })),
      "device-limit": async (world) => {
        const sender = await grantSender(world);
        for (let i = 0; i < MAX_DEVICES; i++) await ask(sender);
        return ask(sender);
      },
    },
  },
  depositEnvelope: {
    sender: async (world) => envelopeSender(await world.pairedDevice()),
    refusals: {
      revoked: async (world) => {
        const device = await world.pairedDevice();
        await revoke(device);
        return ask(await envelopeSender(device));
      },
      locked: async (world) => {
        const device = await world.pairedDevice();
        await revoke(device, true);
        return ask(await envelopeSender(device));
      },
      fork: async (world) => {
        const device = await world.pairedDevice();
        await device.send("/v1/envelope", { grant: device.grant }, { n: 5 });
        return ask(await envelopeSender(device));
      },
      "envelope-stale": async (world) => ask(await envelopeSender(await world.pairedDevice(), { seq: 1 })),
      "epoch-unknown": async (world) =>
        ask(await envelopeSender(await world.pairedDevice(), { epoch: "another" })),
    },
  },
  dropEnvelopes: { sender: simple("/v1/envelopes/drop"), refusals: {} },
  revoke: {
    sender: (world) => revokeSender(world),
    refusals: { "envelope-stale": async (world) => ask(await revokeSender(world, 0)) },
  },
  devices: { sender: simple("/v1/devices"), refusals: {} },
} satisfies Partial<Record<EndpointName, EndpointCases>>;
