import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { pairedTerminal } from "../support/paired.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("many at once", () => {
  it("[PF5] a hundred programs that share one folder all get their credentials", async () => {
    await using paired = await pairedTerminal(world, { build: "executable" });
    const { terminal } = paired;

    const all = await Promise.all(
      Array.from({ length: 100 }, () => terminal.run("process", "999999999999/S3Admin")),
    );
    expect(all.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
    expect(all.every(({ stdout }) => JSON.parse(stdout).Version === 1)).toBe(true);
  });
});
