import type { DeviceId } from "@jcfetch/shared/domain/ids";
import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import { ask, type Case, type EndpointCases, type Sender } from "./senders.ts";
import type { PairedDevice } from "./world.ts";

/** What any request of a device may meet, whatever it asks for. */

type Make = EndpointCases["sender"];

export const fromDevice = (device: PairedDevice, path: string, body: () => Promise<object>): Sender => ({
  body,
  path,
  send: (request, wrong, headers) => device.send(path, request, wrong, headers),
  prove: (text, wrong) => device.prove(path, text, wrong),
  keys: { extension: device.user.extension.signing.privateKey, device: device.signing.privateKey },
});

export const byGrant = (device: PairedDevice, path: string, more: object = {}): Sender =>
  fromDevice(device, path, async () => ({ grant: device.grant, ...more }));

/** Claims of a proof that only somebody makes who has the keys and not the folder; or who knows what the broker forgot. */
const FORKED = { n: 7 };
const REGRESSED = { seq: 1_000, ah: "A".repeat(43) };

const claiming =
  (make: Make, claims: object): Case =>
  async (world) => {
    const { body, send } = await make(world);
    return send(await body(), claims);
  };

const afterRevoking =
  (make: Make, lock: boolean): Case =>
  async (world) => {
    const user = await world.enrolledUser();
    const sender = await make(world, { user });
    const { json } = await user.extension.send("/v1/devices");
    const dids = (json.devices as { did: DeviceId }[]).map(({ did }) => did);
    const list = { rl: 1, dids: lock ? [] : dids, locked: [], lock };
    const revocations = await user.extension.authority.signRevocations(list);
    await user.extension.send("/v1/revocations", { revocations });
    return ask(sender);
  };

/** Seen by a deployed broker in a country that the policy does not name. */
const fromElsewhere =
  (make: Make): Case =>
  async (world) => {
    const networks = { countries: ["DE"], asns: [], cidrs: [] };
    const { body, send } = await make(world, { policy: { networks } });
    return send(await body(), {}, { "test-cf": JSON.stringify({ country: "FR" }) });
  };

export const grantRefusals = (make: Make): Partial<Record<WireErrorCode, Case>> => ({
  revoked: afterRevoking(make, false),
  locked: afterRevoking(make, true),
  "grant-expired": async (world) => ask(await make(world, { registered: false, expiresInSeconds: -1 })),
  fork: claiming(make, FORKED),
  "state-regressed": claiming(make, REGRESSED),
  network: fromElsewhere(make),
});

export const rateCase =
  (make: Make): Case =>
  async (world) => {
    const sender = await make(world, { policy: { maxPerMinute: 1 } });
    await ask(sender);
    return ask(sender);
  };
