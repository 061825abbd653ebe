import { existsSync } from "node:fs";
import { join } from "node:path";
import { decodePairingCode } from "@jcfetch/shared/protocol/pairing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countInMemory, disguises, filesBelow, processes, search } from "../support/canaries.ts";
import { post } from "../support/clients.ts";
import { type HostileBroker, startHostileBroker } from "../support/hostile-broker.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { measured } from "./scale.ts";
import { pairedVictim, type Victim } from "./victim.ts";

/*
 * Everything secret that goes through real broker and real command line in a day's work, looked for in all that they leave
 * behind and show while they run. What the extension leaves is looked at in tests/journeys/secrets.test.ts.
 */
let world: TestWorld;
let wire: HostileBroker;
let victim: Victim;
const said: string[] = [];
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  world = closing.use(await startWorld());
  wire = closing.use(await startHostileBroker(world.broker));
  victim = closing.use(await pairedVictim(world, wire));
  await work();
});
afterAll(() => closing.disposeAsync());

/** Arguments and environments, as they were while a request for credentials was under way. */
let seen: Map<string, Buffer>;
/** How often the token lay in the broker's memory at that time. */
let underWay: number | undefined;

/** Successes and failures, and a look around while a request is under way. */
async function work(): Promise<void> {
  const { sim } = world;
  for (const role of ["S3Admin", "ReadOnly", "NoSuchRole"]) said.push((await victim.fetch(role)).stderr);
  for (const kind of ["throttle", "forbidden", "error", "garbage", "truncated"] as const) {
    sim.faults.add({ operation: "GetRoleCredentials", kind, times: 1 });
    said.push((await victim.fetch()).stderr);
    // Failures in a row would have AWS left alone.
    await victim.fetch();
  }
  for (const command of ["status", "audit", "profiles"]) {
    const { stdout, stderr } = await victim.terminal.run(command);
    said.push(stdout, stderr);
  }
  sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
  const held = victim.fetch();
  await sim.faults.waiting("GetRoleCredentials");
  seen = processes();
  underWay = inMemory();
  sim.faults.clear();
  said.push((await held).stderr);
}

/** `undefined` where the memory of another process may not be read. */
function inMemory(): number | undefined {
  try {
    return countInMemory(world.broker.pid, victim.user.token.reveal());
  } catch {
    return undefined;
  }
}

/** What the terminal may keep: its own two keys, in its own file. What the broker may have: its own, where it is started. */
const OWN = { terminal: ["signing key", "agreement key"], broker: /^BROKER|^ENROLMENT/ };

async function canaries(): Promise<Map<string, string>> {
  const all = await victim.secrets();
  const code = (await decodePairingCode(victim.partner.code))!;
  all.set("pairing secret", code.s.reveal());
  for (const [name, key] of Object.entries(world.broker.keys)) {
    const value = key.reveal();
    all.set(name, value.startsWith("{") ? (JSON.parse(value) as { d: string }).d : value);
  }
  return all;
}

const without = (all: Map<string, string>, isAllowed: (name: string) => boolean): Map<string, string> =>
  new Map([...all].filter(([name]) => !isAllowed(name)));

describe("what is left after a day's work", () => {
  it("D-14: no file of broker or terminal holds a secret in any disguise, but each its own keys", async (test) => {
    const all = await canaries();
    await world.broker.restart(); // what waited in memory is on disk now
    const broker = await filesBelow(world.broker.stateDir, ["keys.json", "index.js"]);
    const home = await filesBelow(victim.terminal.home);
    expect([...home.keys()].some((name) => name.endsWith("device.json"))).toBe(true);
    expect(search(broker, all)).toEqual([]);
    const foreign = without(all, (name) => OWN.terminal.includes(name));
    expect(search(home, foreign)).toEqual([]);
    const others = await filesBelow(victim.terminal.home, ["device.json"]);
    expect(search(others, all)).toEqual([]);
    measured(test, `${all.size} secrets in ${broker.size + home.size} files`);
  });

  it("D-14: neither log nor anything that was said or sent holds one", async (test) => {
    const all = await canaries();
    const places = new Map<string, Buffer>([
      ["the broker's log", Buffer.from(world.broker.log())],
      ["what the terminal said", Buffer.from(said.join("\n"))],
      ["the wire", Buffer.from(JSON.stringify(wire.heard))],
    ]);
    const artifacts = join(import.meta.dirname, "../../artifacts/tests");
    if (existsSync(artifacts))
      for (const [name, bytes] of await filesBelow(artifacts)) places.set(name, bytes);
    expect(search(places, all)).toEqual([]);
    measured(test, `${all.size} secrets in ${places.size} places`);
  });

  it("D-14: no process shows one in its arguments or its environment, but the broker its own keys", async (test) => {
    const all = await canaries();
    expect(seen.size).toBeGreaterThan(4);
    // The broker that ran then has been started anew since: it is told by holding its own keys and nothing else.
    const holders = [...seen].filter(([, bytes]) => bytes.includes(world.broker.keys.ENROLMENT_KEY.reveal()));
    expect(holders.map(([where]) => where.split(" ")[0])).toEqual(["environ"]);
    expect(
      search(
        seen,
        without(all, (name) => OWN.broker.test(name)),
      ),
    ).toEqual([]);
    const rest = new Map([...seen].filter(([where]) => where !== holders[0]![0]));
    expect(search(rest, all)).toEqual([]);
    measured(test, `${seen.size} places`);
  });

  it("D-14: the search would find each of them, in each disguise", async () => {
    for (const [what, secret] of await canaries()) {
      for (const needle of disguises(secret)) {
        const haystack = Buffer.concat([Buffer.from("before "), needle, Buffer.from(" after")]);
        expect(search(new Map([["here", haystack]]), new Map([[what, secret]])).length).toBeGreaterThan(0);
      }
    }
  });
});

describe("the broker's memory", () => {
  it("D-14: held the token while a request was under way; what of it is there later is told, not promised", async (context) => {
    if (underWay === undefined) return context.skip("this user may not read the memory of another process");
    // It is found where it must be: so the search works.
    expect(underWay).toBeGreaterThan(0);
    // In a broker that has not been started anew: ask once more, let five seconds pass with other people's requests.
    expect(await victim.fetch()).toMatchObject({ code: 0 });
    const startedMs = performance.now();
    let others = 0;
    while (performance.now() - startedMs < 5_000) {
      await post(world.broker.url, "/v1/keys");
      others += 1;
    }
    const later = inMemory()!;
    // JavaScript cannot wipe a string; it goes when the collector needs the room. No copy may be added by keeping it.
    expect(later).toBeLessThan(50);
    const held = `${underWay} copies under way`;
    measured(context, `${held}, ${later} five seconds and ${others} requests after the answer`);
  });
});
