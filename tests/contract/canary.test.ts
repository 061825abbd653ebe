import type { Region } from "@jcfetch/shared/domain/portal";
import { Secret } from "@jcfetch/shared/secret";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { disguises, filesBelow, search } from "../support/canaries.ts";
import { newExtension, post } from "../support/clients.ts";
import { readDatabases } from "../support/databases.ts";
import { type PairedDevice, READ_ONLY, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

/** After a day's work, what must not be there is looked for in all that is left. */
let world: TestWorld;
let canaries: Map<string, string>;
beforeAll(async () => {
  world = await startWorld();
  canaries = await work(world);
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Successes and failures of every kind. @returns the secrets that went through, by name. */
async function work({
  sim,
  pairedDevice,
  enrolledUser,
  deposit,
  broker,
  at,
}: TestWorld): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  const user = await enrolledUser();
  const device: PairedDevice = await pairedDevice({ user });
  secrets.set("SSO token", user.token.reveal());
  for (const want of [S3_ADMIN, READ_ONLY, S3_ADMIN]) {
    const answer = await device.credentials(want);
    if (!answer.ok) throw new Error(answer.error.code);
    secrets.set(`secret key ${secrets.size}`, answer.value.secretAccessKey.reveal());
    secrets.set(`session token ${secrets.size}`, answer.value.sessionToken.reveal());
    secrets.set(`access key ${secrets.size}`, answer.value.accessKeyId);
  }
  for (const kind of ["throttle", "forbidden", "error", "garbage", "unauthorized"] as const) {
    sim.faults.add({ operation: "GetRoleCredentials", kind, times: 1 });
    await device.credentials(S3_ADMIN);
  }
  await deposit(user, device.grant);
  for (const [name, key] of Object.entries(broker.keys)) {
    const value = key.reveal();
    secrets.set(name, value.startsWith("{") ? (JSON.parse(value) as { d: string }).d : value);
  }
  const { json } = await user.extension.send("/v1/pairing/open");
  await post(broker.url, "/v1/pairing/join", { body: { m: json.m } });
  for (const directory of ["acme", "globex"] as const) {
    const { region } = sim.world.directory(directory);
    const token = new Secret(sim.signIn("ana", directory));
    secrets.set(`SSO token of who joins from ${directory}`, token.reveal());
    const { authority } = await newExtension(at);
    const joined = await authority.join({ token, region: region as Region });
    if (joined.ok !== (directory === "acme")) throw new Error(`who is of ${directory} joined: ${joined.ok}`);
  }
  const code = await broker.newEnrolmentCode();
  secrets.set("enrolment code", code);
  await device.device.leave();
  await broker.restart(); // what waited in memory is on disk now
  return secrets;
}

describe("what is left after a day's work", () => {
  it("[EV6] [AU1] [HT10] databases, logs and configuration hold no secret in any disguise", async () => {
    const places = await filesBelow(world.broker.stateDir, ["keys.json", "index.js"]);
    places.set("the log", Buffer.from(world.broker.log()));
    for (const kind of ["vault", "mailbox", "ticket"] as const) {
      expect((await readDatabases(world.broker, kind)).length, kind).toBeGreaterThan(0);
    }
    expect(canaries.size).toBeGreaterThan(10);
    expect(search(places, canaries)).toEqual([]);
  });

  it("[EV6] the search would find them", async () => {
    const [what, secret] = [...canaries][0]!;
    for (const needle of disguises(secret)) {
      const haystack = Buffer.concat([Buffer.from("before "), needle, Buffer.from(" after")]);
      expect(search(new Map([["here", haystack]]), new Map([[what, secret]])).length).toBeGreaterThan(0);
    }
  });

  it("[HT10] the log holds no name of a user or device either", async () => {
    const device = await world.pairedDevice();
    await device.credentials(S3_ADMIN);
    await device.send("/v1/envelope", { grant: device.grant }, { ctr: 0 });
    const log = world.broker.log();
    for (const name of [device.uid, device.did, device.gh, S3_ADMIN.account, S3_ADMIN.role]) {
      expect(log).not.toContain(name);
    }
  });
});
