import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { Partner } from "./partner.ts";

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("many at once", () => {
  it("[PF5] a hundred programs that share one folder all get their credentials", async () => {
    await using terminal = await Terminal.open({ build: "executable" });
    const partner = await Partner.open(world, await world.enrolledUser());
    const pairing = terminal.jcfetch("pair");
    pairing.type(partner.code);
    await partner.meet();
    await partner.approve();
    expect((await pairing.ended).code).toBe(0);

    const all = await Promise.all(
      Array.from({ length: 100 }, () => terminal.run("process", "999999999999/S3Admin")),
    );
    expect(all.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
    expect(all.every(({ stdout }) => JSON.parse(stdout).Version === 1)).toBe(true);
  });
});
