import { DeviceId } from "@jcfetch/shared/domain/ids";
import { devices as devicesEndpoint } from "@jcfetch/shared/protocol/endpoints";
import { type Clock, SECOND_MS, toMs } from "@jcfetch/shared/time";
import * as v from "valibot";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";
import type { Activity } from "./activity.ts";
import type { Broker } from "./broker.ts";

const Seen = v.object({
  checkedAtMs: v.number(),
  answers: v.boolean(),
  /** The broker found out that its storage had been set back. [JS5] */
  regressed: v.boolean(),
  /** Which device showed that. One alone could say so falsely. */
  regressedBy: v.nullable(DeviceId),
  devices: v.record(
    v.string(),
    v.object({ lastUsedAtMs: v.nullable(v.number()), left: v.boolean(), forked: v.boolean() }),
  ),
});
export type Seen = v.InferOutput<typeof Seen>;

const FRESH_MS = 10 * SECOND_MS;

/** What the broker last said: is it there, which devices were used. For display only; nothing is decided by it. */
export class BrokerSeen {
  readonly #slot: Slot<Seen>;
  readonly #broker: Broker;
  readonly #reporter: Pick<Activity, "reporter">;
  readonly #now: Clock;

  constructor(storage: Storage, broker: Broker, reporter: Pick<Activity, "reporter">, now: Clock) {
    const nothing = { checkedAtMs: 0, answers: true, regressed: false, regressedBy: null, devices: {} };
    this.#slot = slot(storage.session, "broker-seen", Seen, nothing);
    this.#broker = broker;
    this.#reporter = reporter;
    this.#now = now;
  }

  last(): Promise<Seen> {
    return this.#slot.get();
  }

  /** Ask again when the last answer is not fresh. @returns whether anything is different now. */
  async refresh(): Promise<boolean> {
    const before = await this.#slot.get();
    const now = this.#now();
    if (now - before.checkedAtMs < FRESH_MS) return false;
    await this.#slot.set({ ...before, checkedAtMs: now }); // whoever asks meanwhile need not
    const connection = await this.#broker.connection();
    if (!connection) return false;

    const answer = await connection.authority.call(devicesEndpoint, {});
    const rows = answer.ok ? answer.value.devices : [];
    const seen = rows.map(({ did, lastUsedAt, left, forked }) => {
      return [did, { lastUsedAtMs: lastUsedAt === null ? null : toMs(lastUsedAt), left, forked }] as const;
    });
    const regressed = answer.ok ? answer.value.regressed : before.regressed;
    const after: Seen = {
      checkedAtMs: now,
      answers: answer.ok || answer.error.code !== "broker-unreachable",
      regressed,
      regressedBy: regressed ? (before.regressedBy ?? (await this.#reporter.reporter(connection))) : null,
      devices: answer.ok ? Object.fromEntries(seen) : before.devices,
    };
    await this.#slot.set(after);
    return JSON.stringify(contents(before)) !== JSON.stringify(contents(after));
  }

  /** The next look is a new one: something was just changed by us. */
  async forget(): Promise<void> {
    await this.#slot.remove();
  }
}

const contents = ({ checkedAtMs: _, ...rest }: Seen) => rest;
