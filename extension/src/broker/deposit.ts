import { dropEnvelopes } from "@jcfetch/shared/protocol/endpoints";
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS, toMs, toSeconds } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { Lock } from "../guard/lock.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import { queue, type Slot, type Storage, slot } from "../sessions/slot.ts";
import type { Broker, Connection } from "./broker.ts";
import type { Device, DeviceList } from "./device-list.ts";
import type { Revocations } from "./revocations.ts";

const Deposit = v.object({ mark: v.string(), expiresAtMs: v.number() });

const Ledger = v.object({
  /** By device: which sign-in it was handed, and until when that envelope is good. */
  deposits: v.record(v.string(), Deposit),
  /** A portal session has ended and the broker has not been told yet. */
  dropDue: v.boolean(),
  failures: v.number(),
});
type Ledger = v.InferOutput<typeof Ledger>;

/** Renew an envelope this long before it ends; never more often than that. */
const RENEW_BEFORE_MS = 30 * MINUTE_MS;
const LONGEST_RETRY_MS = 30 * MINUTE_MS;
/** [EV9] Why the broker takes no envelope for a device, for as long as that lasts. */
const HOLDS_NOTHING: ReadonlySet<string> = new Set(["revoked", "locked", "fork"]);

export interface DepositPorts {
  readonly storage: Storage;
  readonly broker: Broker;
  readonly devices: DeviceList;
  readonly revocations: Revocations;
  readonly sessions: PortalSessions;
  readonly lock: Lock;
  readonly now: Clock;
}

/**
 * Hands the portal session to the paired terminals: one envelope for each device in our own list, whenever the token
 * changes or an envelope nears its end. [EV1] [EV2]
 */
export class Deposits {
  readonly #ports: DepositPorts;
  readonly #ledger: Slot<Ledger>;
  readonly #inTurn = queue();

  constructor(ports: DepositPorts) {
    this.#ports = ports;
    // In memory of the browser: after a restart everything is handed over once more.
    this.#ledger = slot(ports.storage.session, "deposits", Ledger, {
      deposits: {},
      dropDue: false,
      failures: 0,
    });
  }

  /** Devices that hold an envelope which is still good. */
  async handedOver(): Promise<Set<string>> {
    const { deposits } = await this.#ledger.get();
    const now = this.#ports.now();
    return new Set(Object.keys(deposits).filter((did) => deposits[did]!.expiresAtMs > now));
  }

  /** [EV7] A portal session has ended: every envelope goes; those of other portals come back with the next run. */
  async sessionEnded(): Promise<void> {
    await this.#ledger.update((ledger) => ({ ...ledger, deposits: {}, dropDue: true }));
  }

  /** [RV4] [JS5] Envelopes have ended with a lock, or went when storage was set back: the session is handed over again. */
  async lost(): Promise<void> {
    await this.#ledger.update((ledger) => ({ ...ledger, deposits: {} }));
  }

  /** Bring the broker up to date. @returns when to run again, if ever. */
  run(): Promise<EpochMs | undefined> {
    return this.#inTurn(() => this.#run());
  }

  /** One device now, as part of its pairing. @returns whether it has what it may be handed. */
  depositFor(device: Device, connection: Connection): Promise<boolean> {
    return this.#inTurn(() => this.#deposit(device, connection));
  }

  async #run(): Promise<EpochMs | undefined> {
    const connection = await this.#ports.broker.connection();
    if (!connection) return undefined;
    const { dropDue } = await this.#ledger.get();
    if (dropDue && !(await this.#drop(connection))) return this.#retryAt();
    let failed = !(await this.#ports.revocations.tell(connection)).ok;
    for (const device of await this.#ports.devices.live()) {
      if (!(await this.#isDue(device))) continue;
      failed = !(await this.#deposit(device, connection)) || failed;
    }
    if (failed) return this.#retryAt();
    await this.#ledger.update((ledger) => ({ ...ledger, failures: 0 }));
    return this.#renewAt();
  }

  async #drop({ authority }: Connection): Promise<boolean> {
    const dropped = await authority.call(dropEnvelopes, {});
    if (dropped.ok) await this.#ledger.update((ledger) => ({ ...ledger, dropDue: false }));
    return dropped.ok;
  }

  async #isDue(device: Device): Promise<boolean> {
    if (await this.#ports.lock.isOn()) return false; // [LK3]
    const { status, mark, expiresAtMs } = await this.#ports.sessions.session(device.portal);
    if (status !== "live" || !(await this.#mayHold(device))) return false;
    const known = (await this.#ledger.get()).deposits[device.did];
    if (!known || known.mark !== mark) return true;
    if (known.expiresAtMs === 0) return false; // another person's session
    // An envelope that ends with the session or the grant cannot be renewed.
    const furthest = Math.min(expiresAtMs ?? 0, device.expiresAtMs);
    return this.#ports.now() >= renewAt(known.expiresAtMs) && known.expiresAtMs < furthest - MINUTE_MS;
  }

  /** [RM6] [RV4] For one that is only relayed to, or is locked or removed, no envelope is made. */
  async #mayHold(device: Device): Promise<boolean> {
    const known = await this.#ports.devices.known(device);
    const sealed = known?.grant.modes.includes("sealed") ?? false;
    return sealed && (await this.#ports.revocations.faultOf(device.did)) === undefined;
  }

  async #deposit(device: Device, connection: Connection): Promise<boolean> {
    if (!(await this.#mayHold(device))) return true;
    const access = await this.#ports.sessions.access(device.portal);
    if (!access.ok) return false;
    const { token, expiresAtMs, mark, owner } = access.value;
    // [EV2] Not a failure: it waits for the person who paired it.
    if (owner !== device.owner) return this.#remember(device, { mark, expiresAtMs: 0 });
    if (await this.#ports.lock.isOn()) return true; // AWS took its time; unlocking goes on
    const seq = await this.#ports.devices.nextSeq(device.did);
    const isTold = await this.#ports.revocations.isTold(connection);
    const done = await connection.authority.deposit(device.grant, token, toSeconds(expiresAtMs), seq);
    if (done.ok) return this.#remember(device, { mark, expiresAtMs: toMs(done.value.exp) });
    // Not one either: it is to hold nothing, until its user changes that, or unless they have and the broker has not heard.
    return isTold && HOLDS_NOTHING.has(done.error.code) && this.#remember(device, { mark, expiresAtMs: 0 });
  }

  /** Which sign-in this device has been seen with, and until when it holds an envelope of it; 0 for none. */
  async #remember({ did }: Device, row: v.InferOutput<typeof Deposit>): Promise<true> {
    await this.#ledger.update((ledger) => ({ ...ledger, deposits: { ...ledger.deposits, [did]: row } }));
    return true;
  }

  async #retryAt(): Promise<EpochMs> {
    const { failures } = await this.#ledger.update((ledger) => ({
      ...ledger,
      failures: ledger.failures + 1,
    }));
    return this.#ports.now() + Math.min(MINUTE_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
  }

  async #renewAt(): Promise<EpochMs | undefined> {
    const { deposits } = await this.#ledger.get();
    const now = this.#ports.now();
    const next = Object.values(deposits)
      .flatMap(({ expiresAtMs }) => [renewAt(expiresAtMs), expiresAtMs + SECOND_MS])
      .filter((at) => at > now);
    return next.length > 0 ? Math.min(...next) : undefined;
  }
}

const renewAt = (expiresAtMs: EpochMs): EpochMs => expiresAtMs - RENEW_BEFORE_MS;
