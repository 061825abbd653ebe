import { BrokerId, DeviceId } from "@jcfetch/shared/domain/ids";
import { revoke as revokeEndpoint } from "@jcfetch/shared/protocol/endpoints";
import type { Refusal } from "@jcfetch/shared/protocol/errors";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, DAY_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { queue, type Slot, type Storage, slot } from "../sessions/slot.ts";
import type { Connection } from "./broker.ts";
import type { Device, DeviceList } from "./device-list.ts";

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Revoked = v.object({
  rl: Whole,
  /** With the end of each grant: after that its name need not be kept. */
  devices: v.array(v.object({ did: DeviceId, expiresAtMs: Whole })),
  locked: v.optional(v.array(DeviceId), []),
  /** All of them. */
  lock: v.optional(v.boolean(), false),
  /** Which broker has which list. */
  told: v.optional(v.nullable(v.object({ bid: BrokerId, rl: Whole })), null),
});
type Revoked = v.InferOutput<typeof Revoked>;

/** As many single devices as a list can name; beyond that it locks all of them. [RV6] */
const MAX_LOCKED = 64;
const MAX_REVOKED = 256;

/** A browser's clock may be ahead of the broker's: a name that left the list too early would give a right back. */
const ENDED_FOR_MS = DAY_MS;

/** No user signs so many lists. A broker that names a higher number would leave no room for the next. */
const MAX_RL = 2 ** 40;

/**
 * Which devices have lost their right, and which are locked. What stands here counts at once for all that this extension
 * does itself; the broker is told by a signed list, again and again until it has it. [RV1] [RV2] [RV4]
 */
export class Revocations {
  readonly #revoked: Slot<Revoked>;
  readonly #devices: DeviceList;
  readonly #now: Clock;
  readonly #inTurn = queue();

  constructor(storage: Storage, devices: DeviceList, now: Clock) {
    const none: Revoked = { rl: 0, devices: [], locked: [], lock: false, told: null };
    this.#revoked = slot(storage.local, "revoked", Revoked, none);
    this.#devices = devices;
    this.#now = now;
  }

  /** Number of the list that this broker has: one that shows an older one was set back. */
  async toldTo(bid: BrokerId): Promise<number> {
    const { told } = await this.#revoked.get();
    return told?.bid === bid ? told.rl : 0;
  }

  async isLocked(): Promise<boolean> {
    return isLockedWhole(await this.#revoked.get());
  }

  /** [RV6] All are locked because a list cannot name those that it should. */
  async isFull(): Promise<boolean> {
    return isFull(await this.#revoked.get());
  }

  /** Why a device gets nothing from this extension, if anything stands in its way. */
  async faultOf(did: DeviceId): Promise<"revoked" | "locked" | undefined> {
    const revoked = await this.#revoked.get();
    if (revoked.devices.some((device) => device.did === did)) return "revoked";
    return isLockedWhole(revoked) || revoked.locked.includes(did) ? "locked" : undefined;
  }

  /** [RV1] Only when the broker has the list do they leave our own: until then they go on working there. */
  remove(connection: Connection, gone: readonly Device[]): Promise<Result<null, Refusal>> {
    const rows = gone.map(({ did, expiresAtMs }) => ({ did, expiresAtMs }));
    return this.#change(connection, (old) => ({
      ...old,
      devices: [...old.devices.filter(({ did }) => !rows.some((row) => row.did === did)), ...rows],
      locked: old.locked.filter((did) => !rows.some((row) => row.did === did)),
    }));
  }

  lockAll(connection: Connection | undefined, lock: boolean): Promise<Result<null, Refusal>> {
    return this.#change(connection, (old) => ({ ...old, lock }));
  }

  lockOne(connection: Connection | undefined, did: DeviceId, lock: boolean): Promise<Result<null, Refusal>> {
    return this.#change(connection, (old) => {
      const others = old.locked.filter((one) => one !== did);
      return { ...old, locked: lock ? [...others, did] : others };
    });
  }

  /** The same list under a higher number: the user's word that a broker which was set back may go on. [JS5] */
  renew(connection: Connection): Promise<Result<null, Refusal>> {
    return this.#change(connection, (old) => old);
  }

  /** The broker was given up, and the key that its grants are by: who enrols there again is another user, without a list. */
  async forget(): Promise<void> {
    await this.#revoked.update((old) => ({ ...old, devices: [], locked: [], told: null }));
  }

  /** Tell the broker what it does not know yet. */
  async tell(connection: Connection): Promise<Result<null, Refusal>> {
    return (await this.isTold(connection)) ? ok(null) : this.#inTurn(() => this.#send(connection));
  }

  /** The broker has signed that it holds the newest list. */
  async isTold({ bid }: Connection): Promise<boolean> {
    const { rl, told } = await this.#revoked.get();
    return rl === 0 || (told?.bid === bid && told.rl >= rl);
  }

  async #change(
    connection: Connection | undefined,
    change: (old: Revoked) => Revoked,
  ): Promise<Result<null, Refusal>> {
    const now = this.#now() - ENDED_FOR_MS;
    await this.#revoked.update((old) => {
      const devices = old.devices.filter(({ expiresAtMs }) => expiresAtMs > now);
      return { ...change({ ...old, devices }), rl: old.rl + 1 };
    });
    return connection ? this.#inTurn(() => this.#send(connection)) : ok(null);
  }

  async #send(connection: Connection): Promise<Result<null, Refusal>> {
    let done = await this.#put(connection);
    if (!done.ok && done.error.code === "envelope-stale") {
      // Our own number was lost, with the browser's profile for one; the broker knows the last.
      const held = await connection.authority.heldRevocations();
      if (!held.ok) return held;
      if (held.value > MAX_RL) return err({ code: "answer-refused" });
      await this.#revoked.update((old) => ({ ...old, rl: Math.max(old.rl, held.value) + 1 }));
      done = await this.#put(connection);
    }
    return done;
  }

  async #put({ authority, bid }: Connection): Promise<Result<null, Refusal>> {
    const revoked = await this.#revoked.get();
    const { rl, locked } = revoked;
    const dids = revoked.devices.map(({ did }) => did);
    const named = { dids: dids.slice(-MAX_REVOKED), locked: locked.slice(0, MAX_LOCKED) };
    const list = { rl, ...named, lock: isLockedWhole(revoked) };
    const revocations = await authority.signRevocations(list);
    const done = await authority.call(revokeEndpoint, { revocations });
    if (!done.ok) return done;
    // That it was taken is said by whoever answers at this address; that it is held, by the broker alone.
    const held = await authority.heldRevocations();
    if (!held.ok) return held;
    if (held.value < rl) return err({ code: "answer-refused" });
    await this.#revoked.update((old) => ({ ...old, told: { bid, rl } }));
    await this.#devices.remove(dids);
    return ok(null);
  }
}

const isFull = ({ devices, locked }: Revoked): boolean =>
  devices.length > MAX_REVOKED || locked.length > MAX_LOCKED;

const isLockedWhole = (revoked: Revoked): boolean => revoked.lock || isFull(revoked);
