import { NOTHING_SPENT, spend } from "@jcfetch/shared/replay-window";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post, type RawAnswer } from "../support/clients.ts";
import { type PairedDevice, startWorld, type TestWorld } from "../support/world.ts";
import { count, inParallel, measured, random, scale, seed } from "./scale.ts";

/** A good message, sent again: as it is, at the same moment, out of order, and by its number alone. */
let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const COPIES = 50;
/** A device may ask this often in a minute; then another one of the same kind goes on. */
const PER_DEVICE = 550;

/** A device for the next `messages`; before it has said too many, a fresh one takes its place. */
function manyDevices(): (messages: number) => Promise<PairedDevice> {
  let device: Promise<PairedDevice> | undefined;
  let said = 0;
  return (messages) => {
    said += messages;
    if (device === undefined || said > PER_DEVICE) {
      device = world.pairedDevice();
      said = messages;
    }
    return device;
  };
}

/** The same bytes with the same proof, as a wiretapper has them. */
async function messageOf(device: PairedDevice, ctr: number): Promise<() => Promise<RawAnswer>> {
  const body = JSON.stringify({ grant: device.grant });
  const headers = await device.prove("/v1/envelope", body, { ctr });
  return () => post(world.broker.url, "/v1/envelope", { headers, body });
}

const tally = (answers: readonly RawAnswer[]): Record<string, number> => {
  const codes: Record<string, number> = {};
  for (const { status, code } of answers) {
    const name = status === 200 ? "accepted" : String(code);
    codes[name] = (codes[name] ?? 0) + 1;
  }
  return codes;
};

describe("a message sent again", () => {
  it("D-3: of many copies at one moment exactly one is accepted", async (test) => {
    const messages = scale(20, 1_000);
    const next = manyDevices();
    for (let i = 0; i < messages; i++) {
      const send = await messageOf(await next(1), i + 1);
      const answers = await Promise.all(Array.from({ length: COPIES }, send));
      expect(tally(answers), `message ${i}`).toEqual({ accepted: 1, replay: COPIES - 1 });
    }
    measured(test, `${count(messages)} messages × ${COPIES} copies, ${count(messages)} accepted`);
  });

  it("D-3: in any order within the window, with gaps, each is accepted once, and never again", async (test) => {
    const pick = random();
    const blocks = scale(4, 100);
    const BLOCK = 60;
    const next = manyDevices();
    let base = 0;
    for (let block = 0; block < blocks; block++) {
      const device = await next(BLOCK);
      // Distinct counters, all within 63 of each other, with holes, shuffled.
      base += 64 + pick(1_000);
      const order = Array.from({ length: 64 }, (_, i) => base + i).filter(() => pick(10) > 0);
      for (let i = order.length - 1; i > 0; i--) {
        const j = pick(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      const sends = await Promise.all(order.slice(0, BLOCK).map((ctr) => messageOf(device, ctr)));
      const first: RawAnswer[] = [];
      for (const send of sends) first.push(await send());
      expect(tally(first), `block ${block}, seed ${seed()}`).toEqual({ accepted: sends.length });
      const again: RawAnswer[] = [];
      await inParallel(sends.length, 16, async (i) => {
        again.push(await sends[i]!());
      });
      expect(tally(again), `block ${block}, seed ${seed()}`).toEqual({ replay: sends.length });
    }
    measured(test, `${count(blocks)} blocks, each message twice`);
  });

  it("D-3: at the edge of exact integers nothing is taken twice, and nothing beyond is taken", async (test) => {
    const device = await world.pairedDevice();
    const top = Number.MAX_SAFE_INTEGER;
    const ask = async (ctr: unknown): Promise<string> => {
      const answer = await (await messageOf(device, ctr as number))();
      return answer.status === 200 ? "accepted" : String(answer.code);
    };
    const steps: [unknown, string][] = [
      [1, "accepted"],
      [0, "unknown"],
      [-1, "unknown"],
      [-0, "unknown"],
      [1.5, "unknown"],
      ["2", "unknown"],
      [top - 64, "accepted"],
      [1, "replay"],
      [top, "accepted"],
      [top, "replay"],
      [top - 63, "accepted"],
      [top - 64, "replay"],
      [top - 63, "replay"],
      [2 ** 53, "unknown"],
      [2 ** 53 + 2, "unknown"],
      [1e308, "unknown"],
      [Number.NaN, "unknown"],
    ];
    for (const [ctr, outcome] of steps) expect(await ask(ctr), String(ctr)).toBe(outcome);
    measured(test, `${steps.length} steps`);
  });
});

/** The rule said plainly: unseen, and not 64 or more behind the highest. */
class PlainRule {
  readonly #seen = new Set<number>();
  #highest = 0;

  accepts(counter: number): boolean {
    if (this.#seen.has(counter) || counter <= this.#highest - 64) return false;
    this.#seen.add(counter);
    this.#highest = Math.max(this.#highest, counter);
    return true;
  }
}

describe("the counter window against the plain rule", () => {
  it("D-3: they agree at every step", (test) => {
    const steps = scale(20_000, 100_000);
    const RUN = 200;
    const move = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -70, max: 3 }) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 130 }) },
      { weight: 1, arbitrary: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }) },
      { weight: 1, arbitrary: fc.constant(Number.MAX_SAFE_INTEGER) },
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(move, { minLength: RUN, maxLength: RUN }), (moves) => {
        const plain = new PlainRule();
        let window = NOTHING_SPENT;
        for (const by of moves) {
          const counter = Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, window.highest + by));
          const next = spend(window, counter);
          expect(next !== undefined, `${counter} after ${window.highest}`).toBe(plain.accepts(counter));
          window = next ?? window;
          taken += 1;
        }
      }),
      { numRuns: Math.ceil(steps / RUN), seed: seed() },
    );
    expect(taken).toBeGreaterThanOrEqual(steps);
    measured(test, `${count(taken)} steps`);
  });
});
