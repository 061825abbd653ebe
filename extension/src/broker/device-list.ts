import { DeviceId } from "@jcfetch/shared/domain/ids";
import { verifyGrant } from "@jcfetch/shared/protocol/verify";
import type { KnownDevice } from "@jcfetch/shared/relay-answer";
import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Device = v.object({
  did: DeviceId,
  name: v.string(),
  host: v.string(),
  osUser: v.string(),
  os: v.string(),
  ssh: v.boolean(),
  /** Origin of the portal whose token it may be handed. */
  portal: v.string(),
  /** Who paired it: somebody else who signs in at the same portal hands it nothing. [EV2] */
  owner: v.string(),
  /** The grant as signed: envelopes are made from it. It names keys and roles, and is no secret. */
  grant: v.string(),
  pairedAtMs: Whole,
  expiresAtMs: Whole,
  /** Of the last envelope. */
  seq: Whole,
});
export type Device = v.InferOutput<typeof Device>;

/** The list that counts: a terminal that is not in it gets nothing, whatever the broker says. [EV2] */
export class DeviceList {
  readonly #devices: Slot<Device[]>;
  readonly #now: Clock;
  /** By text of the grant: it was signed by us, and checking it again would tell nothing new. */
  readonly #read = new Map<string, Promise<KnownDevice | undefined>>();

  constructor(storage: Storage, now: Clock) {
    this.#devices = slot(storage.local, "devices", v.array(Device), []);
    this.#now = now;
  }

  all(): Promise<Device[]> {
    return this.#devices.get();
  }

  /** Those whose grant has not ended. */
  async live(): Promise<Device[]> {
    return (await this.all()).filter((device) => this.isLive(device));
  }

  isLive({ expiresAtMs }: Device): boolean {
    return expiresAtMs > this.#now();
  }

  async find(did: DeviceId): Promise<Device | undefined> {
    return (await this.all()).find((device) => device.did === did);
  }

  /** What was signed for it. @returns `undefined` for a grant of a version that this one does not read. */
  known({ grant: jws }: Pick<Device, "grant">): Promise<KnownDevice | undefined> {
    const read = this.#read.get(jws) ?? readGrant(jws);
    this.#read.set(jws, read);
    return read;
  }

  async add(device: Device): Promise<void> {
    await this.#devices.update((list) => [...list.filter(({ did }) => did !== device.did), device]);
  }

  async remove(dids: readonly DeviceId[]): Promise<void> {
    await this.#devices.update((list) => list.filter(({ did }) => !dids.includes(did)));
  }

  /**
   * Forget the devices, and keep what was revoked: a list without them, signed later for the same broker, would give them
   * their right back.
   */
  async clear(): Promise<void> {
    await this.#devices.set([]);
  }

  /** The number of the next envelope: it rises even if this list was lost and built again. */
  async nextSeq(did: DeviceId): Promise<number> {
    let next = 0;
    const nowSeconds = Math.floor(this.#now() / 1_000);
    await this.#devices.update((list) =>
      list.map((device) => {
        if (device.did !== did) return device;
        next = Math.max(device.seq + 1, nowSeconds);
        return { ...device, seq: next };
      }),
    );
    return next;
  }
}

async function readGrant(jws: string): Promise<KnownDevice | undefined> {
  const verified = await verifyGrant(jws);
  return verified && { ...verified, jws };
}
