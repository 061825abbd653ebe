import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { deserialize, serialize } from "node:v8";
import { exportPublicKey } from "@jcfetch/shared/crypto/keys";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import {
  answer,
  commitTo,
  type InviterState,
  invite,
  newInvitation,
  readAnswer,
  readReveal,
  reveal,
} from "@jcfetch/shared/protocol/pairing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { must } from "../scripts/partner.ts";
import { newDeviceKeys, newExtension, post } from "../support/clients.ts";
import { startWorld, type TestUser, type TestWorld } from "../support/world.ts";
import { count, isFull, measured, random } from "./scale.ts";
import { databasesIn, Snapshot } from "./tamper/files.ts";
import { isPossible, mutationsOf } from "./tamper/rows.ts";

/* The other two kinds of storage: a pairing under way, and the one use of an enrolment code. */

let world: TestWorld;
let user: TestUser;
let stranger: TestUser;
let pairing: Pairing;
let baseline: Snapshot;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
  stranger = await world.enrolledUser();
  user = await world.enrolledUser();
  pairing = await begin();
  baseline = await Snapshot.take(world.broker, "pairing");
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Both sides know the words, and the extension's person is about to approve. */
interface Pairing {
  readonly m: string;
  readonly t: string;
  readonly state: InviterState;
  readonly code: Parameters<typeof readAnswer>[0];
}

const INFO = { host: "laptop", osUser: "ana", os: "Linux", ssh: false, version: "0" };
const GRANT = "aGVhZA.Y2xhaW1z.c2lnbmF0dXJl";
const FORGED = "aGVhZA.Zm9yZ2Vk.c2lnbmF0dXJl";
const PUT = "/v1/pairing/put";

const asExtension = (of: TestUser, path: string, body: object) => of.extension.send(path, body);
const asJoiner = (path: string, body: object) => post(world.broker.url, path, { body });

async function begin(): Promise<Pairing> {
  const { m } = (await asExtension(user, "/v1/pairing/open", {})).json as { m: string };
  const opened = newInvitation(world.broker.bid as BrokerId, m);
  const code = { ...opened, url: world.broker.url };
  const { t } = (await asJoiner("/v1/pairing/join", { m })).json as { t: string };
  const { signing, agreement } = await newDeviceKeys();
  const { Esig, agreement: own } = user.extension;
  const committed = await commitTo(code, { signing, agreement }, INFO);
  await sent({ m, t }, "commit", committed.box);
  const Ekem = await exportPublicKey(own.publicKey);
  const invited = must(await invite(opened, committed.box, { Esig, Ekem }));
  await asExtension(user, PUT, { m, slot: "invite", box: invited.box });
  const revealed = must(await reveal(committed.state, invited.box));
  await sent({ m, t }, "reveal", revealed.box);
  return { m, t, state: must(await readReveal(invited.state, revealed.box)), code };
}

async function sent(mailbox: { m: string; t: string }, slot: string, box: string): Promise<void> {
  const answered = await asJoiner("/v1/pairing/send", { ...mailbox, slot, box });
  if (answered.status !== 200) throw new Error(answered.text);
}

interface Outcome {
  /** What the terminal whose words were compared got, in the end. */
  readonly terminal: string;
  /** What others got of it. Must stay empty. */
  readonly wider: readonly string[];
}

/** Somebody else's extension answers first, then the one whose person approved; the terminal takes what it finds. */
async function goOn({ m, t, state, code }: Pairing): Promise<Outcome> {
  const withoutCode = { ...state, ...newInvitation(world.broker.bid as BrokerId, m) };
  await asExtension(stranger, PUT, { m, slot: "answer", box: await answer(withoutCode, FORGED) });
  const put = await asExtension(user, PUT, { m, slot: "answer", box: await answer(state, GRANT) });
  const received = await asJoiner("/v1/pairing/receive", { m, t, slot: "answer" });
  const { box } = received.json as { box?: string | null };
  const read = box ? await readAnswer(code, box) : undefined;
  const wider = read === undefined || read === GRANT ? [] : ["another grant"];
  return { terminal: read === GRANT ? "paired" : (received.code ?? put.code ?? "refused by itself"), wider };
}

const MAILBOX = /^jcfetch-mailbox\/[0-9a-f]{64}\.sqlite$/;
const TICKET = /^jcfetch-ticket\/[0-9a-f]{64}\.sqlite$/;
const ALARMS = /^jcfetch-(?:mailbox|ticket)\/metadata\.sqlite$/;

interface Change {
  readonly what: string;
  readonly file: string;
  apply(path: string): void;
}

/** Rows and cells as bytes; and the mailbox also field by field, as the runtime's own writing of it says. */
async function changes(): Promise<Change[]> {
  const all: Change[] = [];
  for (const file of await databasesIn(world.broker.objectsDir)) {
    if (![MAILBOX, TICKET, ALARMS].some((kind) => kind.test(file))) continue;
    const path = join(world.broker.objectsDir, file);
    for (const { what, apply } of mutationsOf(path)) all.push({ what, file, apply });
    if (!MAILBOX.test(file)) continue;
    for (const [what, value] of fieldChanges(mailboxIn(path))) {
      all.push({ what, file, apply: (at) => putMailbox(at, value) });
    }
  }
  return all;
}

interface Stored {
  readonly boxes: Readonly<Record<string, string>>;
  readonly expiresAt: number;
  readonly [field: string]: unknown;
}

function mailboxIn(path: string): Stored {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const row = database.prepare("SELECT value FROM _cf_KV WHERE key = 'mailbox'").get()!;
    return deserialize(Buffer.from(row.value as Uint8Array)) as Stored;
  } finally {
    database.close();
  }
}

function putMailbox(path: string, value: unknown): void {
  const database = new DatabaseSync(path);
  try {
    database.prepare("UPDATE _cf_KV SET value = ? WHERE key = 'mailbox'").run(serialize(value));
  } finally {
    database.close();
  }
}

/** Each field gone, emptied, made another's; each box gone, cut, or put in the place of each other one. */
function* fieldChanges(value: Stored): Generator<[string, unknown]> {
  const { boxes, ...rest } = value;
  for (const field of Object.keys(value)) {
    const { [field]: _, ...without } = value;
    yield [`mailbox without ${field}`, without];
  }
  const others: Record<string, unknown[]> = {
    owner: [stranger.uid, ""],
    expiresAt: [0, -1, 2 ** 40, value.expiresAt - 86_400],
    token: [pairing.m, ""],
    from: [null, { ip: "10.0.0.1" }],
    burnedFor: ["mailbox-refused", "mailbox-joined-twice"],
  };
  for (const [field, instead] of Object.entries(others)) {
    for (const other of instead) yield [`mailbox.${field} = ${String(other)}`, { ...value, [field]: other }];
  }
  for (const [slot, box] of Object.entries(boxes)) {
    const { [slot]: _, ...fewer } = boxes;
    yield [`box ${slot} gone`, { ...rest, boxes: fewer }];
    for (const other of [box.slice(0, -4), `${box}AAAA`, ...Object.values(boxes).filter((o) => o !== box)]) {
      yield [`box ${slot} changed`, { ...rest, boxes: { ...boxes, [slot]: other } }];
    }
    yield [`answer made from ${slot}`, { ...rest, boxes: { ...boxes, answer: box } }];
  }
}

async function tried(change: Change | undefined): Promise<Outcome | undefined> {
  await world.broker.kill();
  await baseline.restore();
  try {
    change?.apply(join(world.broker.objectsDir, change.file));
  } catch (error) {
    if (isPossible(error)) throw error;
    return undefined;
  } finally {
    await world.broker.restart();
  }
  return goOn(pairing);
}

it("D-16: a pairing that nobody touched goes on after the broker was killed", async () => {
  expect(await tried(undefined)).toEqual({ terminal: "paired", wider: [] });
});

it("D-16: whatever a mailbox or a ticket is changed to, a pairing ends as it was approved, or not at all", async (test) => {
  const all = await changes();
  const next = random();
  const chosen = isFull() ? all : Array.from({ length: 8 }, () => all[next(all.length)]!);
  const outcomes = new Map<string, number>();
  for (const change of chosen) {
    const found = await tried(change);
    if (!found) continue;
    expect(found.wider, `${change.file.slice(8, 20)} ${change.what}`).toEqual([]);
    outcomes.set(found.terminal, (outcomes.get(found.terminal) ?? 0) + 1);
  }
  const told = [...outcomes].map(([code, n]) => `${count(n)} ${code}`).join(", ");
  measured(test, `${count(chosen.length)} of ${count(all.length)} changes: ${told}`);
});

it("D-16: a ticket that was wiped lets a code be used again until its end, for a new user and nobody else", async () => {
  await using own = await startWorld({ clock: "movable" });
  const at = { url: own.broker.url, bid: own.broker.bid, now: own.now };
  const { token } = (await decodeEnrolmentCode(await own.broker.newEnrolmentCode()))!;
  expect((await (await newExtension(at)).enrol(token)).ok).toBe(true);
  expect((await (await newExtension(at)).enrol(token)).ok).toBe(false);
  await Snapshot.take(own.broker, "spent");
  for (const file of await databasesIn(own.broker.objectsDir)) {
    if (!TICKET.test(file)) continue;
    const database = new DatabaseSync(join(own.broker.objectsDir, file));
    database.exec("DELETE FROM _cf_KV");
    database.close();
  }
  await own.broker.restart();
  const late = await newExtension(at);
  expect((await late.enrol(token)).ok).toBe(true);
  expect((await late.send("/v1/devices")).json).toMatchObject({ devices: [] });
  await own.advance(3_600);
  expect((await (await newExtension(at)).enrol(token)).ok).toBe(false);
});
