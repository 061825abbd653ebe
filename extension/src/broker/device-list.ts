import { AccountId, DeviceId, RoleName } from "@jcfetch/shared/domain/ids";
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
  roles: v.array(v.object({ account: AccountId, role: RoleName })),
  /** The grant as signed: envelopes are made from it. It names keys and roles, and is no secret. */
  grant: v.string(),
  pairedAtMs: Whole,
  expiresAtMs: Whole,
  /** Of the last envelope. */
  seq: Whole,
});
export type Device = v.InferOutput<typeof Device>;

const Revoked = v.object({
  rl: Whole,
  /** With the end of each grant: after that its name need not be kept. */
  devices: v.array(v.object({ did: DeviceId, expiresAtMs: Whole })),
});
export type Revoked = v.InferOutput<typeof Revoked>;

/** The list that counts: a terminal that is not in it gets nothing, whatever the broker says. [EV2] */
export class DeviceList {
  readonly #devices: Slot<Device[]>;
  readonly #revoked: Slot<Revoked>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#devices = slot(storage.local, "devices", v.array(Device), []);
    this.#revoked = slot(storage.local, "revoked", Revoked, { rl: 0, devices: [] });
    this.#now = now;
  }

  all(): Promise<Device[]> {
    return this.#devices.get();
  }

  async find(did: DeviceId): Promise<Device | undefined> {
    return (await this.all()).find((device) => device.did === did);
  }

  async add(device: Device): Promise<void> {
    await this.#devices.update((list) => [...list.filter(({ did }) => did !== device.did), device]);
  }

  async remove(did: DeviceId): Promise<void> {
    await this.#devices.update((list) => list.filter((device) => device.did !== did));
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

  /** Take up the next revocation number, above `seen` too, with these devices added. */
  revoke(added: readonly Pick<Device, "did" | "expiresAtMs">[], seen = 0): Promise<Revoked> {
    const now = this.#now();
    return this.#revoked.update(({ rl, devices }) => {
      const others = devices.filter(
        ({ did, expiresAtMs }) => expiresAtMs > now && !added.some((device) => device.did === did),
      );
      const rows = added.map(({ did, expiresAtMs }) => ({ did, expiresAtMs }));
      return { rl: Math.max(rl, seen) + 1, devices: [...others, ...rows] };
    });
  }
}
