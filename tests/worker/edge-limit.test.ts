import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { post } from "../support/clients.ts";
import { freePort } from "../support/free-port.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

describe("a deployed broker", () => {
  let world: TestWorld;
  beforeAll(async () => {
    const port = await freePort();
    const settings = { LOCAL: "", ALLOWED_HOSTS: `127.0.0.1:${port}` };
    world = await startWorld({ clock: "movable", port, settings });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const limit = (limits: object) => post(world.broker.url, "/limits", { body: limits });
  beforeEach(() => limit({ EDGE_ADDRESS: null, EDGE_USER: null }));

  it("[LM1] counts by address before anything is checked", async () => {
    await limit({ EDGE_ADDRESS: 3, EDGE_USER: null });
    const from = (address: string) =>
      post(world.broker.url, "/v1/keys", { headers: { "cf-connecting-ip": address } });
    for (let i = 0; i < 3; i += 1) expect((await from("192.0.2.1")).status).toBe(200);
    const refused = await from("192.0.2.1");
    expect(refused).toMatchObject({ code: "rate", status: 429, json: { retryAfter: 60 } });
    expect((await from("192.0.2.2")).status).toBe(200);
    const elsewhere = { headers: { "cf-connecting-ip": "192.0.2.1" } };
    expect((await post(world.broker.url, "/nowhere", elsewhere)).code).toBe("rate");
  });

  it("[LM1] counts by user only what the user has signed", async () => {
    const device = await world.pairedDevice();
    const { extension } = device.user;
    await limit({ EDGE_ADDRESS: null, EDGE_USER: 2 });
    // Somebody else in the user's name.
    for (let i = 0; i < 5; i += 1) {
      const stranger = await post(world.broker.url, "/v1/devices", { headers: { "jc-user": device.uid } });
      expect(stranger.code).toBe("unknown");
    }
    expect((await extension.send("/v1/devices")).status).toBe(200);
    expect((await device.send("/v1/envelope", { grant: device.grant })).status).toBe(200);
    expect((await device.send("/v1/envelope", { grant: device.grant })).code).toBe("rate");
    expect((await extension.send("/v1/devices")).code).toBe("rate");
  });
});
