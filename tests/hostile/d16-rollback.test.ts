import { afterEach, beforeEach, expect, it } from "vitest";
import {
  keptRequest,
  type PairedDevice,
  S3_ADMIN,
  startWorld,
  type TestUser,
  type TestWorld,
} from "../support/world.ts";
import { Snapshot } from "./tamper/files.ts";

/*
 * A whole database is set back to a time before a device was removed. Nothing in it is wrong, so the broker cannot know;
 * who has seen more than it does can.
 */

let world: TestWorld;
let user: TestUser;
let good: PairedDevice;
let removed: PairedDevice;
/** A request that was good once, kept by the device that was removed. */
let kept: object;
beforeEach(async () => {
  world = await startWorld();
  user = await world.enrolledUser();
  [good, removed] = [await world.pairedDevice({ user }), await world.pairedDevice({ user })];
  for (const device of [good, removed])
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  kept = await keptRequest(removed);
  const early = await Snapshot.take(world.broker, "early");
  await world.broker.restart();
  expect(await good.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  await signList(1, [removed.did]);
  expect(await thief()).toBe("revoked");
  await world.broker.kill();
  await early.restore();
  await world.broker.restart();
});
afterEach(() => world?.[Symbol.asyncDispose]());

async function signList(rl: number, dids: readonly string[]): Promise<void> {
  const { authority, send } = user.extension;
  const list = { rl, dids: dids as never, locked: [], lock: false };
  const { code } = await send("/v1/revocations", { revocations: await authority.signRevocations(list) });
  expect(code).toBeUndefined();
}

/** Of the audit it has seen nothing, it says. */
const thief = async (): Promise<string> =>
  (await removed.send("/v1/credentials", kept, { seq: 0, ah: null })).code ?? "credentials";

it("D-16: a removed terminal that a rollback brings back is out again as soon as any other terminal asks", async () => {
  // This is what nothing inside the broker can prevent: its own role, until somebody looks.
  expect(await thief()).toBe("credentials");
  expect(await good.credentials(S3_ADMIN)).toMatchObject({ error: { code: "state-regressed" } });
  expect(await thief()).toBe("state-regressed");
  expect((await user.extension.send("/v1/devices")).json).toMatchObject({ rl: 0, regressed: true });

  await signList(2, [removed.did]);
  await world.deposit(user, good.grant);
  expect(await good.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  expect(await thief()).toBe("revoked");
});

it("D-16: a rollback is seen by the extension in the number of its list, before any terminal asks", async () => {
  expect((await user.extension.send("/v1/devices")).json).toMatchObject({ rl: 0 });
  await signList(2, [removed.did]);
  expect(await thief()).toBe("revoked");
});
