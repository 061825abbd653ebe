import { directoryHash } from "@jcfetch/shared/protocol/membership";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { MembershipFence } from "../../worker/src/broker/membership-fence.ts";
import { newExtension, type TestExtension } from "../support/clients.ts";
import { readDatabases } from "../support/databases.ts";
import { sealEnrolment } from "../support/enrolment.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());
afterEach(() => {
  world.sim.faults.clear();
  return world.advance(61); // attempts are counted by the minute
});

const ACME = "us-east-1";
const tokenOf = (person = "ana", directory = "acme"): string => world.sim.signIn(person, directory);
const asked = (): number => world.sim.calls("WhoAmI");

const join = async (extension: TestExtension, token: string, region: string = ACME, more: object = {}) =>
  extension.send(
    "/v1/enrol",
    await sealEnrolment(world.at, extension.uid, { membership: { token, region, ...more } }),
  );

describe("enrolment by membership", () => {
  it("[EN6] takes in who can sign in to a directory on the list, and gives the mark that a code gives", async () => {
    const extension = await newExtension(world.at);
    const answer = await join(extension, tokenOf());
    expect(answer.status, answer.text).toBe(200);
    extension.mark.member = answer.json.member as string;
    expect((await extension.send("/v1/devices")).json).toMatchObject({ devices: [] });
  });

  it("[EN6] refuses the members of any other directory", async () => {
    const region = world.sim.world.directory("globex").spec.region;
    const extension = await newExtension(world.at);
    expect((await join(extension, tokenOf("ana", "globex"), region)).code).toBe("not-a-member");
    expect((await extension.send("/v1/devices")).code).toBe("unknown");
  });

  it("[EN6] asks AWS nothing where no directory is on the list", async () => {
    await using closed = await startWorld({ settings: { MEMBER_DIRECTORIES: "" } });
    const extension = await newExtension(closed.at);
    const membership = { token: closed.sim.signIn("ana", "acme"), region: ACME };
    const body = await sealEnrolment(closed.at, extension.uid, { membership });
    expect((await extension.send("/v1/enrol", body)).code).toBe("not-a-member");
    expect(closed.sim.calls("WhoAmI")).toBe(0);
  });

  it("[EN7] asks AWS once, by the region's own host, with no cookie and nothing of ours", async () => {
    const before = asked();
    await join(await newExtension(world.at), tokenOf());
    expect(asked()).toBe(before + 1);
    expect(world.sim.world.calls.all.at(-1)).toMatchObject({
      operation: "WhoAmI",
      host: "portal.sso.us-east-1.amazonaws.com",
      path: "/token/whoAmI",
    });
  });

  it.each([
    ["unauthorized", "sso-expired"],
    ["forbidden", "upstream"],
    ["throttle", "upstream-throttled"],
    ["error", "upstream"],
    ["garbage", "upstream"],
  ] as const)("[EN7] takes AWS's %s for %s", async (kind, code) => {
    const extension = await newExtension(world.at);
    world.sim.faults.add({ operation: "WhoAmI", kind, times: 1 });
    expect((await join(extension, tokenOf())).code).toBe(code);
    expect((await extension.send("/v1/devices")).code).toBe("unknown");
  });

  it("[EN7] refuses a session that is over, and a token of another region", async () => {
    const ended = tokenOf();
    world.sim.endSession(ended);
    expect((await join(await newExtension(world.at), ended)).code).toBe("sso-expired");
    expect((await join(await newExtension(world.at), tokenOf(), "eu-west-1")).code).toBe("sso-expired");
  });

  it("[EN7] calls no host but those of the table, whatever is given as region", async () => {
    const before = world.sim.world.calls.all.length;
    for (const region of ["us-east-1.example.org/", "evil.example", "", "us-east-1#", "../us-east-1"]) {
      expect((await join(await newExtension(world.at), tokenOf(), region)).code).toBe("enrolment-refused");
    }
    expect((await join(await newExtension(world.at), tokenOf(), ACME, { more: 1 })).code).toBe(
      "enrolment-refused",
    );
    expect(world.sim.world.calls.all.length).toBe(before);
  });

  it("[EN8] asks five times a minute for one extension, and then again", async () => {
    const extension = await newExtension(world.at);
    const before = asked();
    const codes: unknown[] = [];
    for (let i = 0; i < 7; i++) codes.push((await join(extension, "not-a-token")).code);
    expect(codes).toEqual([...Array(5).fill("sso-expired"), "rate", "rate"]);
    expect(asked()).toBe(before + 5);
    await world.advance(61);
    expect((await join(extension, tokenOf())).status).toBe(200);
  });

  it("[EN8] leaves nothing behind of who was refused, counted or not", async () => {
    await using empty = await startWorld();
    for (let i = 0; i < 3; i++) {
      const stranger = await newExtension(empty.at);
      const membership = { token: "not-a-token", region: ACME };
      await stranger.send("/v1/enrol", await sealEnrolment(empty.at, stranger.uid, { membership }));
    }
    await empty.broker.restart();
    const kinds = ["vault", "ticket"] as const;
    const rows = await Promise.all(kinds.map((kind) => readDatabases(empty.broker, kind).catch(() => [])));
    expect(rows.flat().flatMap((tables) => Object.values(tables).flat())).toEqual([]);
  });

  it("[EN9] keeps the hash of the directory and no word of the token, in no row and no log", async () => {
    const token = tokenOf();
    const extension = await newExtension(world.at);
    expect((await join(extension, token)).status).toBe(200);
    const vaults = await readDatabases(world.broker, "vault");
    const directory = await directoryHash(world.sim.world.directory("acme").id);
    const audits = vaults.flatMap(({ audit }) => audit ?? []);
    expect(audits.map(({ outcome }) => outcome)).toContain(`member:${directory}`);
    const kept = JSON.stringify(vaults) + world.broker.log();
    expect(kept).not.toContain(token.slice(0, 40));
    expect(kept).not.toContain(world.sim.world.directory("acme").id);
  });
});

describe("the fence before AWS", () => {
  const admit = (fence: MembershipFence, uid: string, address: string | null, now = 1_000) =>
    fence.admit({ uid, address }, now);

  it("[EN8] counts users, addresses and all of them together, by the minute", () => {
    const fence = new MembershipFence();
    const byUser = Array.from({ length: 6 }, () => admit(fence, "a", null));
    expect(byUser).toEqual([...Array(5).fill(undefined), 60]);
    const byAddress = Array.from({ length: 31 }, (_, i) => admit(fence, `b${i}`, "192.0.2.1"));
    expect(byAddress.filter((wait) => wait !== undefined)).toEqual([60]);
    const together = Array.from({ length: 200 }, (_, i) => admit(fence, `c${i}`, null, 1_030));
    expect(together.filter((wait) => wait === undefined).length).toBe(120 - 35);
    expect(together.at(-1)).toBe(30);
    expect(admit(fence, "a", "192.0.2.1", 1_060)).toBeUndefined();
  });

  it("[EN8] begins anew when its clock was set back", () => {
    const fence = new MembershipFence();
    for (let i = 0; i < 6; i++) admit(fence, "a", null);
    expect(admit(fence, "a", null, 10)).toBeUndefined();
  });
});
