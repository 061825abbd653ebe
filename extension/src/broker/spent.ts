import { NOTHING_SPENT, spend } from "@jcfetch/shared/replay-window";
import { type Clock, DAY_MS, MINUTE_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

const Row = v.object({
  highest: v.number(),
  /** 64 bits, which JSON has no number for: hexadecimal. */
  mask: v.pipe(v.string(), v.regex(/^[\da-f]{1,16}$/)),
  minuteAtMs: v.number(),
  inMinute: v.number(),
});
const Rows = v.record(v.string(), Row);
type Rows = v.InferOutput<typeof Rows>;

/**
 * Which requests each device has used up: numbers that must not come twice, and how many came within a minute. It outlasts
 * the browser: one that is started again within a minute would otherwise take a request a second time.
 */
export class Spent {
  readonly #rows: Slot<Rows>;
  readonly #now: Clock;

  constructor(storage: Storage, now: Clock) {
    this.#rows = slot(storage.local, "relay-spent", Rows, {});
    this.#now = now;
  }

  /** [RM3] [RM4] Spend one request. What is refused for its pace counts too. */
  async spend(did: string, counter: number, maxPerMinute: number): Promise<"replay" | "rate" | undefined> {
    let fault: "replay" | "rate" | undefined;
    const now = this.#now();
    await this.#rows.update((rows) => {
      const row = rows[did];
      const window = row ? { highest: row.highest, mask: BigInt(`0x${row.mask}`) } : NOTHING_SPENT;
      const spent = spend(window, counter);
      if (!spent) {
        fault = "replay";
        return rows;
      }
      const sameMinute = row !== undefined && now - row.minuteAtMs < MINUTE_MS && now >= row.minuteAtMs;
      const inMinute = (sameMinute ? row.inMinute : 0) + 1;
      if (inMinute > maxPerMinute) fault = "rate";
      return {
        ...stillOfUse(rows, now),
        [did]: {
          highest: spent.highest,
          mask: spent.mask.toString(16),
          minuteAtMs: sameMinute ? row.minuteAtMs : now,
          inMinute,
        },
      };
    });
    return fault;
  }
}

/** A request is refused for its age after a minute; what a device has used up need not be known for long after that. */
const stillOfUse = (rows: Rows, now: number): Rows =>
  Object.fromEntries(
    Object.entries(rows).filter(([, { minuteAtMs }]) => Math.abs(now - minuteAtMs) < DAY_MS),
  );
