import { fromBase64url, fromUtf8 } from "@jcfetch/shared/crypto/encoding";
import { importKeyPair } from "@jcfetch/shared/crypto/keys";
import { open, type SealContext, type Sealed, type SealPurpose } from "@jcfetch/shared/crypto/seal";
import { answerContext, innerContext, outerContext, requestContext } from "@jcfetch/shared/protocol/contexts";
import type { Envelope } from "@jcfetch/shared/protocol/documents";
import { verifyEnvelope } from "@jcfetch/shared/protocol/verify";
import { Secret } from "@jcfetch/shared/secret";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EpochRow } from "../../worker/src/keys/calls.ts";
import { openEpoch } from "../../worker/src/keys/wrapping.ts";
import { newDeviceKeys, openTestDevice } from "../support/clients.ts";
import { type Row, readDatabases, type Tables } from "../support/databases.ts";
import { type HostileBroker, startHostileBroker } from "../support/hostile-broker.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

/*
 * What somebody can open who has got hold of some of: the broker's databases, the broker's keys, a device's folder, all that
 * went over the wire. Everything they hold is tried on everything they hold. The token opens for whoever has the epoch's
 * key, which takes database and broker keys together, and a way to the lock it opens: a device's folder, or a request of
 * that epoch. Credentials that were answered open for nobody.
 */

interface Loot {
  readonly database: boolean;
  readonly brokerKeys: boolean;
  readonly deviceFolder: boolean;
  readonly traffic: boolean;
}

let world: TestWorld;
let device: PairedDevice;
let databases: Tables[];
/** Rows of the epoch keys. */
let epochs: Row[];
/** The secret parts of the credentials that the device got. */
let credentials: string[];
let wire: HostileBroker;
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  world = closing.use(await startWorld());
  // Honest, and it remembers what it hears.
  wire = closing.use(await startHostileBroker(world.broker));
  const paired = await world.pairedDevice({ parts: await newDeviceKeys(true) });
  const recorded = await openTestDevice(paired, paired.grant, { ...world.at, url: wire.url });
  for (let i = await paired.nextCounter(); i > 0; i--) await recorded.nextCounter();
  device = { ...recorded, user: paired.user };
  const got = await device.credentials(S3_ADMIN);
  if (!got.ok) throw new Error(got.error.code);
  credentials = [got.value.secretAccessKey.reveal(), got.value.sessionToken.reveal()];
  databases = await readDatabases(world.broker, "vault");
  epochs = (await readDatabases(world.broker, "keys")).flatMap((tables) => tables.epochs ?? []);
  expect(epochs.length).toBe(1);
});
afterAll(() => closing.disposeAsync());

/** Every private key in the loot that can open something. */
async function keysIn({ database, brokerKeys, deviceFolder }: Loot): Promise<CryptoKeyPair[]> {
  const keys: CryptoKeyPair[] = [];
  if (brokerKeys) {
    // A signing key is a P-256 key too: nothing stops a thief from trying it on a seal.
    const { BROKER_SIGNING_KEY, BROKER_ROOT_KEY } = world.broker.keys;
    keys.push(await importKeyPair("agree", JSON.parse(BROKER_SIGNING_KEY.reveal()) as JsonWebKey));
    const root = new Secret<Uint8Array>(fromBase64url(BROKER_ROOT_KEY.reveal())!);
    for (const row of database ? epochs : [])
      keys.push((await openEpoch(root, world.broker.bid, row as unknown as EpochRow))!);
  }
  if (deviceFolder) {
    for (const { privateKey } of [device.agreement, device.signing]) {
      keys.push(await importKeyPair("agree", await crypto.subtle.exportKey("jwk", privateKey)));
    }
  }
  return keys;
}

interface Box {
  readonly sealed: Sealed;
  /** Every text that this box may be bound to. */
  readonly contexts: readonly string[];
}

const boundTo = (envelope: Envelope): string[] => [innerContext(envelope), outerContext(envelope)];

const read = async (jws: string): Promise<Envelope> => (await verifyEnvelope(jws, device.device.grant.Esig))!;

/** Every seal that lies in a database or went over the wire, with what stands beside it. */
async function boxesIn({ database, traffic }: Loot): Promise<Box[]> {
  const boxes: Box[] = [];
  for (const row of database ? databases.flatMap(({ envelopes }) => envelopes ?? []) : []) {
    const contexts = boundTo(await read(String(row.jws)));
    boxes.push({ sealed: JSON.parse(String(row.outer_lock)) as Sealed, contexts });
  }
  for (const { path, body } of traffic ? wire.heard : []) {
    const { box } = JSON.parse(body) as { box?: Sealed };
    if (box) boxes.push({ sealed: box, contexts: [requestContext(device.uid, path)] });
  }
  for (const text of traffic ? device.received : []) {
    const { box, outer, envelope, signature } = JSON.parse(text) as Record<string, Sealed & string>;
    if (outer) boxes.push({ sealed: outer, contexts: boundTo(await read(envelope!)) });
    if (box) {
      const [, claims] = signature!.split(".");
      const { bd } = JSON.parse(Buffer.from(claims!, "base64url").toString()) as { bd: string };
      boxes.push({ sealed: box, contexts: [answerContext(bd, "sealed"), answerContext(bd, "relay")] });
    }
  }
  return boxes;
}

const PURPOSES: readonly SealPurpose[] = ["env-inner", "env-outer", "req", "res", "enrol"];

/** Open whatever opens, and go on with what was inside, until nothing more opens. @returns all texts that came out. */
async function openEverything(loot: Loot): Promise<string[]> {
  const keys = await keysIn(loot);
  const left = await boxesIn(loot);
  const opened: string[] = [];
  for (let box = left.pop(); box; box = left.pop()) {
    for (const key of keys) {
      for (const purpose of PURPOSES) {
        for (const context of box.contexts) {
          const at: SealContext = { purpose, bid: world.broker.bid, context };
          const bytes = await open(key, at, box.sealed);
          if (!bytes) continue;
          const text = fromUtf8(bytes);
          opened.push(text);
          const inside = JSON.parse(text) as Partial<Sealed> & { inner?: Sealed; envelope?: string };
          if (inside.e && inside.c) left.push({ sealed: inside as Sealed, contexts: box.contexts });
          if (inside.inner && inside.envelope)
            left.push({ sealed: inside.inner, contexts: boundTo(await read(inside.envelope)) });
        }
      }
    }
  }
  return opened;
}

const inTheClear = (loot: Loot): string =>
  JSON.stringify([
    loot.database ? [databases, epochs] : [],
    loot.traffic ? [wire.heard, device.received] : [],
  ]);

const BOTH = [false, true];
const SUBSETS: Loot[] = BOTH.flatMap((database) =>
  BOTH.flatMap((brokerKeys) =>
    BOTH.flatMap((deviceFolder) => BOTH.map((traffic) => ({ database, brokerKeys, deviceFolder, traffic }))),
  ),
);

describe("the locks around the token", () => {
  it.each(SUBSETS)(
    "D-15: database: $database, broker keys: $brokerKeys, device folder: $deviceFolder, traffic: $traffic",
    async (loot) => {
      const token = device.user.token.reveal();
      const opened = await openEverything(loot);
      const hasEpochKey = loot.database && loot.brokerKeys;
      const hasToken = opened.some((text) => text.includes(token));
      expect(hasToken).toBe(hasEpochKey && (loot.deviceFolder || loot.traffic));
      for (const secret of [token, ...credentials]) expect(inTheClear(loot)).not.toContain(secret);
      for (const secret of credentials) expect(opened.join("\n")).not.toContain(secret);
    },
  );

  it("D-15: the search opens what can be opened, and reads the wire", async () => {
    const all = { database: true, brokerKeys: true, deviceFolder: true, traffic: true };
    // The outer lock twice, the inner one under it, the request, and the inner lock in that.
    expect((await openEverything(all)).length).toBeGreaterThanOrEqual(5);
    expect(wire.heard.map(({ path }) => path)).toContain("/v1/credentials");
  });
});
