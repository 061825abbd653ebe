import { ANYWHERE, type Networks } from "@jcfetch/shared/protocol/policy";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isNetworkAllowed, type Place } from "../../worker/src/broker/networks.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

const OFFICE: Place = { address: "192.0.2.77", country: "DE", asn: 3320 };

describe("networks of a policy", () => {
  it.each<[Partial<Networks>, Partial<Place>, boolean]>([
    [{}, {}, true],
    [{ countries: ["DE", "FR"] }, {}, true],
    [{ countries: ["FR"] }, {}, false],
    [{ asns: [3320] }, {}, true],
    [{ asns: [64_500] }, {}, false],
    [{ cidrs: ["192.0.2.0/24"] }, {}, true],
    [{ cidrs: ["192.0.2.0/26"] }, {}, false],
    [{ cidrs: ["2001:db8::/32"] }, { address: "2001:db8:1::7" }, true],
    [{ cidrs: ["2001:db8::/32"] }, { address: "2001:db9::7" }, false],
    [{ cidrs: ["192.0.2.0/24"] }, { address: "::ffff:192.0.2.77" }, true],
    [{ cidrs: ["192.0.2.0/24", "10.0.0.0/8"] }, { address: "10.1.2.3" }, true],
    [{ cidrs: ["::/0"] }, {}, false],
    [{ cidrs: ["999.0.0.0/8"] }, {}, false],
    [{ countries: ["DE"], asns: [64_500] }, {}, false],
    [{ countries: ["DE"], cidrs: ["192.0.2.0/24"] }, {}, true],
    // What the platform could not tell fits nothing that was named.
    [{ countries: ["DE"] }, { country: null }, false],
    [{ asns: [3320] }, { asn: null }, false],
    [{ cidrs: ["0.0.0.0/0"] }, { address: null }, false],
    [{}, { address: null, country: null, asn: null }, true],
  ])("[PO3] %j for %j: %s", (named, from, allowed) => {
    expect(isNetworkAllowed({ ...ANYWHERE, ...named }, { ...OFFICE, ...from })).toBe(allowed);
  });
});

describe("a deployed broker", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await startWorld({ clock: "movable" });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const seenFrom = (address: string, country: string): Record<string, string> => ({
    "test-cf": JSON.stringify({ country, asn: 3320, asOrganization: "Example" }),
    "cf-connecting-ip": address,
  });

  it("[PO3] serves a device only from where its grant lets it be, on every endpoint", async () => {
    const policy = { networks: { ...ANYWHERE, countries: ["DE"], cidrs: ["192.0.2.0/24"] } };
    const device = await world.pairedDevice({ policy });
    const body = { grant: device.grant };
    const ask = (headers: Record<string, string>) => device.send("/v1/envelope", body, {}, headers);
    expect((await ask(seenFrom("192.0.2.7", "DE"))).status).toBe(200);
    expect((await ask(seenFrom("192.0.2.7", "FR"))).code).toBe("network");
    expect((await ask(seenFrom("198.51.100.7", "DE"))).code).toBe("network");
    expect((await ask({ "test-cf": "{}" })).code).toBe("network");
    const audit = { ...body, after: 0, limit: 1 };
    expect((await device.send("/v1/audit", audit, {}, seenFrom("192.0.2.7", "FR"))).code).toBe("network");
  });

  it("[PO3] on one machine passes over what only a client can have written", async () => {
    const device = await world.pairedDevice({ policy: { networks: { ...ANYWHERE, countries: ["DE"] } } });
    const answer = await device.send(
      "/v1/envelope",
      { grant: device.grant },
      {},
      { "cf-connecting-ip": "192.0.2.1" },
    );
    expect(answer.status).toBe(200);
  });
});
