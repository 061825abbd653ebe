import { peekDocument } from "@jcfetch/shared/crypto/sign";
import { type Device, openDevice } from "@jcfetch/shared/device";
import { NOTHING_SEEN, type Seen } from "@jcfetch/shared/device-line";
import { type AuditLine, type AuditPlace, followChain } from "@jcfetch/shared/protocol/audit";
import type { AuditHead } from "@jcfetch/shared/protocol/documents";
import {
  keptRequest,
  type PairedDevice,
  READ_ONLY,
  S3_ADMIN,
  type TestUser,
  type TestWorld,
} from "../../support/world.ts";

/** What may happen to a request after its broker's storage was changed: credentials, or a code. */
export type Outcome = "credentials" | (string & {});

/** One that was barred after it had fetched; it keeps all that it was given, and a request that was good. */
interface Barred {
  readonly device: PairedDevice;
  readonly request: object;
}

const barredLater = async (device: PairedDevice): Promise<Barred> => ({
  device,
  request: await keptRequest(device),
});

/** A user with a device for each thing that a broker must remember about one. */
export interface Household {
  readonly user: TestUser;
  readonly good: PairedDevice;
  /** May ask for one role only. */
  readonly narrow: PairedDevice;
  /** Must get nothing: removed, locked, signed off, copied, or its grant is over. */
  readonly barred: Readonly<Record<"removed" | "locked" | "left" | "forked" | "over", Barred>>;
  /** What the extension has seen of its user's audit. */
  readonly seen: AuditPlace;
}

const LOCKED_LATER_SECONDS = 121;

/** Everybody has fetched before: a barred one keeps what it could keep. The clock goes on by four minutes. */
export async function makeHouseholds(world: TestWorld, many: number): Promise<Household[]> {
  const begun = [];
  for (let i = 0; i < many; i++) begun.push(await begin(world));
  await world.advance(LOCKED_LATER_SECONDS);
  for (const one of begun) await copyWasSeen(one.barred.forked.device);
  await world.advance(LOCKED_LATER_SECONDS);
  const ended: Household[] = [];
  for (const one of begun) {
    const { head } = await activity(one.user, 0);
    ended.push({ ...one, seen: { seq: head.seq, ah: head.ah } });
  }
  return ended;
}

async function begin(world: TestWorld): Promise<Omit<Household, "seen">> {
  const user = await world.enrolledUser();
  const allow = [{ account: S3_ADMIN.account, roles: [S3_ADMIN.role] }];
  const [good, removed, locked, left, forked, narrow, over] = [
    ...(await Promise.all(Array.from({ length: 5 }, () => world.pairedDevice({ user })))),
    await world.pairedDevice({ user, policy: { allow } }),
    await world.pairedDevice({ user, expiresInSeconds: LOCKED_LATER_SECONDS }),
  ] as const;
  for (const device of [good, removed, locked, left, forked, narrow, over]) {
    const fetched = await device!.credentials(S3_ADMIN);
    if (!fetched.ok) throw new Error(`before anything was changed: ${fetched.error.code}`);
  }
  const barred = {
    removed: await barredLater(removed!),
    locked: await barredLater(locked!),
    left: await barredLater(left!),
    forked: await barredLater(forked!),
    over: await barredLater(over!),
  };
  await forked!.credentials(S3_ADMIN); // what it presented before is superseded from now on
  await left!.device.leave();
  const list = { rl: 1, dids: [removed!.did], locked: [locked!.did], lock: false };
  const revocations = await user.extension.authority.signRevocations(list);
  await user.extension.send("/v1/revocations", { revocations });
  return { user, good: good!, narrow: narrow!, barred };
}

/** The device goes on, and two minutes later somebody presents what it presented long ago. */
async function copyWasSeen(device: PairedDevice): Promise<void> {
  const copy = await withMemory(device, NOTHING_SEEN);
  const answer = await copy.credentials(S3_ADMIN);
  if (answer.ok || answer.error.code !== "fork") throw new Error("the copy went unnoticed");
}

/** The same keys with a memory of their own, that keeps nothing. */
async function withMemory(of: PairedDevice, seen: Seen): Promise<Device> {
  const { url, now, nextCounter, signing, agreement, grant } = of;
  const memory = { loadSeen: async () => seen, saveSeen: async () => undefined };
  return (await openDevice(
    { signing, agreement, grant },
    { url, now, nextCounter, fetch, timeoutMs: 20_000, ...memory },
  ))!;
}

async function ask(device: PairedDevice, want: typeof S3_ADMIN): Promise<Outcome> {
  const asking = await withMemory(device, await device.remembered.loadSeen());
  const answer = await asking.credentials(want);
  return answer.ok ? "credentials" : answer.error.code;
}

const PATH = "/v1/credentials";

/** With the envelope that it took while it still could, and saying of itself whatever helps. */
async function askWithKept({ device, request }: Barred, claims: object): Promise<Outcome> {
  const answer = await device.send(PATH, request, claims);
  return answer.code ?? "credentials";
}

export interface Findings {
  /** Who got credentials and must not. */
  readonly wider: readonly string[];
  /** Of somebody who does nothing wrong. */
  readonly good: Outcome;
  /** What the extension sees that is not as it left it. */
  readonly noticed: readonly string[];
}

/** Ask for everything that must not be given, and look with the extension's eyes. */
export async function probe(of: Household): Promise<Findings> {
  const wider: string[] = [];
  for (const [name, barred] of Object.entries(of.barred)) {
    // Its own last number, or that it has never been here; of the audit it has seen nothing.
    for (const claims of [
      { seq: 0, ah: null },
      { n: 0, seq: 0, ah: null },
    ]) {
      if ((await askWithKept(barred, claims)) === "credentials") wider.push(name);
    }
  }
  if ((await ask(of.narrow, READ_ONLY)) === "credentials") wider.push("narrow");
  const good = await ask(of.good, S3_ADMIN);
  return { wider, good, noticed: await whatIsNoticed(of) };
}

interface ActivityPage {
  readonly from: AuditPlace;
  readonly lines: readonly AuditLine[];
  readonly head: AuditHead;
}

async function activity({ extension }: TestUser, after: number): Promise<ActivityPage> {
  const { json, code, text } = await extension.send("/v1/activity", { after, limit: 128 });
  if (code !== undefined) throw new Error(code);
  const { from, lines } = json as unknown as ActivityPage;
  if (from === undefined) throw new Error(text);
  return { from, lines, head: peekDocument(json.head as string) as AuditHead };
}

/** [AU4] The extension knows where its audit stood, which list it signed last, and which terminals it has removed. */
async function whatIsNoticed({ user, seen, barred }: Household): Promise<string[]> {
  const noticed: string[] = [];
  const devices = await user.extension.send("/v1/devices");
  if (devices.code) noticed.push(`devices: ${devices.code}`);
  else {
    const {
      rl,
      regressed,
      devices: listed,
    } = devices.json as {
      rl: number;
      regressed: boolean;
      devices: { did: string; forked: boolean }[];
    };
    if (rl !== 1) noticed.push("another revocation number");
    if (regressed) noticed.push("regressed");
    if (listed.some(({ did }) => did === barred.removed.device.did))
      noticed.push("a removed terminal is listed");
  }
  try {
    const page = await activity(user, 0);
    const places = await followChain(page.from, page.lines);
    const last = places?.at(-1);
    if (!places || !last) noticed.push("the chain breaks");
    else if (page.from.seq !== 0) noticed.push("the beginning is missing");
    else if (places.find(({ seq }) => seq === seen.seq)?.ah !== seen.ah) noticed.push("another past");
    else if (last.seq !== page.head.seq || last.ah !== page.head.ah) noticed.push("another head");
  } catch (error) {
    noticed.push(`activity: ${(error as Error).message}`);
  }
  return noticed;
}
