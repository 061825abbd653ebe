import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post, type RawAnswer } from "../support/clients.ts";
import { vaultOf } from "../support/databases.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

interface Message {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const ROUNDS = 5;
const AT_ONCE = 16;

describe("a broker that is killed in the middle of its work", () => {
  it("[PF5] [AU1] takes no request twice that it has answered, and has forgotten none", async () => {
    const device = await world.pairedDevice();
    const answered: Message[] = [];

    for (let round = 0; round < ROUNDS; round++) {
      const body = JSON.stringify({ grant: device.grant });
      const messages: Message[] = [];
      for (let i = 0; i < AT_ONCE; i++)
        messages.push({ headers: await device.prove("/v1/envelope", body), body });

      const { promise: someAnswered, resolve } = Promise.withResolvers<void>();
      let count = 0;
      const sent = messages.map(async (message): Promise<void> => {
        const answer = await post(world.broker.url, "/v1/envelope", message).catch(() => undefined);
        if (answer?.status === 200) answered.push(message);
        if (++count === AT_ONCE / 2) resolve();
      });
      await someAnswered;
      await world.broker.kill();
      await Promise.all(sent);
      await world.broker.restart();

      const replayed = await Promise.all(
        answered.map((message) => post(world.broker.url, "/v1/envelope", message)),
      );
      expect(new Set(replayed.map(({ code }) => code))).toEqual(new Set(["replay"]));
    }
    expect(answered.length).toBeGreaterThanOrEqual((ROUNDS * AT_ONCE) / 2);
    const { devices, envelopes } = await vaultOf(world.broker, device.did);
    expect(devices!.length).toBe(1);
    expect(envelopes!.length).toBe(1);
  });

  it("[PF5] accepts one of many copies of a request, in any order of counters", async () => {
    const device = await world.pairedDevice();
    const body = JSON.stringify({ grant: device.grant });
    const messages: Message[] = [];
    for (let i = 0; i < 40; i++) messages.push({ headers: await device.prove("/v1/envelope", body), body });
    const copies = messages.flatMap((message) => Array<Message>(10).fill(message));
    shuffle(copies);
    const answers: RawAnswer[] = await Promise.all(
      copies.map((copy) => post(world.broker.url, "/v1/envelope", copy)),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBe(40);
    expect(answers.filter(({ code }) => code === "replay").length).toBe(360);
  });

  it("[HT8] with a damaged database says no more than that it failed", async () => {
    await using damaged = await startWorld();
    const { extension } = await damaged.enrolledUser();
    await damaged.broker.kill();
    const folder = join(damaged.broker.objectsDir, "jcfetch-vault");
    for (const file of await readdir(folder)) {
      if (/^[0-9a-f]{64}/.test(file))
        await writeFile(join(folder, file), "canary: this is no database".repeat(400));
    }
    await damaged.broker.restart();
    const answer = await extension.send("/v1/devices");
    expect(answer).toMatchObject({ status: 500, code: "internal" });
    expect(answer.text).not.toMatch(/canary|sqlite|database/i);
    expect((await post(damaged.broker.url, "/v1/health")).status).toBe(200);
  });
});

/** Fisher and Yates, by a fixed seed: the same order in each run. */
function shuffle(items: unknown[]): void {
  let state = 20_261_123;
  for (let i = items.length - 1; i > 0; i--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const j = state % (i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
}
