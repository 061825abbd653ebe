import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { pairedTerminal } from "../support/paired.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS } from "./bin.ts";

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(BUILDS)("the %s, at a broker that takes the call and says nothing", (build) => {
  it("[CL6] gives up within twenty seconds", async () => {
    await using paired = await pairedTerminal(world, { build });
    const { terminal } = paired;

    const server = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const path = join(terminal.home, ".config/jcfetch/device.json");
      const device = JSON.parse(readFileSync(path, "utf8")) as { url: string };
      device.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      writeFileSync(path, JSON.stringify(device));
      const startedMs = performance.now();
      const { code, stdout, stderr } = await terminal.run("process", "999999999999/S3Admin");
      expect(performance.now() - startedMs).toBeLessThan(20_000);
      expect([code, stdout]).toEqual([7, ""]);
      expect(stderr).toContain(`the broker at ${device.url} does not answer`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
