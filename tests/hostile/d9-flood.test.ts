import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type TestWorld } from "../support/world.ts";
import { flood, type Statuses } from "./flood.ts";
import { count, isFull, measured, scale } from "./scale.ts";

/** Requests without a good signature, as many as can be sent: what they cost, and whom they hold up. */
let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const REQUESTS = scale(8_000, 1_000_000);

const request = (path: string, body: string, headers: Record<string, string> = {}): string =>
  [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Content-Type: application/jc+json",
    "JC-Version: 1",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");

/** Processor time the broker has used, in milliseconds. */
function usedMs(): number {
  const stat = readFileSync(`/proc/${world.broker.pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  const TICK_MS = 10;
  return (Number(user) + Number(system)) * TICK_MS;
}

const objects = (): string[] =>
  readdirSync(world.broker.objectsDir, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sqlite"))
    .sort();

const ROUND = 1_000;

/** Processor time per request of each round, in milliseconds, sorted: the finest that can be seen from outside. */
async function costs(wire: string, status: string, times: number): Promise<number[]> {
  const perRequest: number[] = [];
  for (let done = 0; done < times; done += ROUND) {
    const cpuMs = usedMs();
    expect(await run(wire, ROUND)).toEqual({ [status]: ROUND });
    perRequest.push((usedMs() - cpuMs) / ROUND);
  }
  return perRequest.sort((a, b) => a - b);
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

const run = (wire: string, times: number): Promise<Statuses> =>
  flood({ port: Number(new URL(world.broker.url).port), request: wire, times, connections: 8, depth: 16 })
    .ended;

/** The most expensive things to refuse that anybody can send: a whole grant and a proof by a key of their own. */
async function strangers(): Promise<Record<string, { wire: string; status: string }>> {
  const device = await world.pairedDevice({ registered: false });
  const body = JSON.stringify({ grant: device.grant });
  const [head, claims] = device.grant.split(".");
  const forged = JSON.stringify({ grant: `${head}.${claims}.${"A".repeat(86)}` });
  const proof = await device.prove("/v1/envelope", body, { iat: 1 });
  return {
    "nothing signed": { wire: request("/v1/devices", "{}"), status: "401" },
    "a forged grant": { wire: request("/v1/envelope", forged, proof), status: "401" },
    "no request of ours": { wire: request("/v1/nothing", "{}"), status: "404" },
    "a mailbox that nobody has minted": {
      wire: request("/v1/pairing/join", JSON.stringify({ m: "A".repeat(43) })),
      status: "410",
    },
  };
}

describe("a flood without a good signature", () => {
  it("D-9: is refused to the last, makes no object, and costs at most 2 ms of processor each", async (test) => {
    const attacks = await strangers();
    await run(attacks["nothing signed"]!.wire, 2_000); // warm
    const before = objects();
    const figures: string[] = [];
    const each = Math.floor(REQUESTS / Object.keys(attacks).length);
    for (const [name, { wire, status }] of Object.entries(attacks)) {
      const startedMs = performance.now();
      const cost = await costs(wire, status, each);
      const perSecond = Math.round((each / (performance.now() - startedMs)) * 1_000);
      figures.push(
        `${name} ${mean(cost).toFixed(2)} and ${p99(cost).toFixed(2)} ms at ${count(perSecond)}/s`,
      );
      expect(p99(cost), name).toBeLessThanOrEqual(2);
    }
    expect(objects()).toEqual(before);
    measured(
      test,
      `${count(REQUESTS)} requests, 0 objects; processor per request, mean and p99 of rounds: ${figures.join("; ")}`,
    );
  });

  it("D-9: does not hold up those who sign", async (test) => {
    const wire = request("/v1/devices", "{}");
    const samples = scale(200, 2_000);
    const alone = await waits(samples);
    const figures: string[] = [];
    let harm = 0;
    // Few who wait for each refusal before they go on; then so many that requests queue up before the one isolate.
    for (const [connections, depth] of [
      [2, 1],
      [8, 4],
    ] as const) {
      const port = Number(new URL(world.broker.url).port);
      const flooding = flood({ port, request: wire, times: Number.MAX_SAFE_INTEGER, connections, depth });
      const beside = await waits(samples);
      flooding.stop();
      const refused = await flooding.ended;
      expect(Object.keys(refused)).toEqual(["401"]);
      const ratio = p99(beside) / p99(alone);
      if (depth === 1) harm = ratio;
      const told = `${p99(beside).toFixed(1)} ms beside ${count(refused["401"]!)} by ${connections} × ${depth}`;
      figures.push(`${told} (${ratio.toFixed(1)} ×)`);
    }
    // A reduced run has too few samples, and shares its processors, for more than an order of magnitude.
    expect(harm).toBeLessThanOrEqual(isFull() ? 2 : 10);
    measured(test, `p99 of ${count(samples)} alone ${p99(alone).toFixed(1)} ms, ${figures.join(", ")}`);
  });
});

const p99 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.99)]!;

/** How long signed requests take, one after the other; sorted. */
async function waits(samples: number): Promise<number[]> {
  const { user } = await world.pairedDevice();
  const took: number[] = [];
  for (let i = 0; i < samples; i++) {
    const startedMs = performance.now();
    const { status } = await user.extension.send("/v1/devices");
    took.push(performance.now() - startedMs);
    expect(status).toBe(200);
  }
  return took.sort((a, b) => a - b);
}
