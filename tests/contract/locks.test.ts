import { fromBase64url, fromUtf8 } from "@jcfetch/shared/crypto/encoding";
import { importKeyPair } from "@jcfetch/shared/crypto/keys";
import { open, type SealContext, type Sealed, type SealPurpose } from "@jcfetch/shared/crypto/seal";
import { innerContext, outerContext } from "@jcfetch/shared/protocol/contexts";
import type { Envelope } from "@jcfetch/shared/protocol/documents";
import { verifyEnvelope } from "@jcfetch/shared/protocol/verify";
import { Secret } from "@jcfetch/shared/secret";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EpochRow } from "../../worker/src/keys/calls.ts";
import { openEpoch } from "../../worker/src/keys/wrapping.ts";
import { newDeviceKeys } from "../support/clients.ts";
import { type Row, readDatabases, type Tables } from "../support/databases.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

/*
 * What somebody can open who has got hold of some of: the broker's databases, the broker's keys, a device's folder.
 * Everything they hold is tried on everything they hold. Only what the protocol needs, all three together, opens the token.
 */

interface Loot {
  readonly database: boolean;
  readonly brokerKeys: boolean;
  readonly deviceFolder: boolean;
}

let world: TestWorld;
let device: PairedDevice;
let databases: Tables[];
/** Rows of the epoch keys. */
let epochs: Row[];
beforeAll(async () => {
  world = await startWorld();
  device = await world.pairedDevice({ parts: await newDeviceKeys(true) });
  expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  databases = await readDatabases(world.broker, "vault");
  epochs = (await readDatabases(world.broker, "keys")).flatMap((tables) => tables.epochs ?? []);
  expect(epochs.length).toBe(1);
});
afterAll(() => world?.[Symbol.asyncDispose]());

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
  readonly envelope: Envelope;
}

/** Every seal that lies in a database, with the signed fields beside it. */
async function boxesIn({ database }: Loot): Promise<Box[]> {
  if (!database) return [];
  const rows = databases.flatMap(({ envelopes }) => envelopes ?? []);
  return Promise.all(
    rows.map(async (row) => ({
      sealed: JSON.parse(String(row.outer_lock)) as Sealed,
      envelope: (await verifyEnvelope(String(row.jws), device.device.grant.Esig))!,
    })),
  );
}

const PURPOSES: readonly SealPurpose[] = ["env-inner", "env-outer", "req", "res", "enrol"];

/** Open whatever opens, and go on with what was inside, until nothing more opens. @returns all texts that came out. */
async function openEverything(loot: Loot): Promise<string[]> {
  const keys = await keysIn(loot);
  const left = await boxesIn(loot);
  const opened: string[] = [];
  for (let box = left.pop(); box; box = left.pop()) {
    const { envelope, sealed } = box;
    for (const key of keys) {
      for (const purpose of PURPOSES) {
        for (const context of [innerContext(envelope), outerContext(envelope)]) {
          const at: SealContext = { purpose, bid: world.broker.bid, context };
          const bytes = await open(key, at, sealed);
          if (!bytes) continue;
          const text = fromUtf8(bytes);
          opened.push(text);
          const inside = JSON.parse(text) as Partial<Sealed>;
          if (inside.e && inside.c) left.push({ envelope, sealed: inside as Sealed });
        }
      }
    }
  }
  return opened;
}

const everything = (loot: Loot): string => JSON.stringify(loot.database ? databases : []);

const SUBSETS: Loot[] = [false, true].flatMap((database) =>
  [false, true].flatMap((brokerKeys) =>
    [false, true].map((deviceFolder) => ({ database, brokerKeys, deviceFolder })),
  ),
);

describe("the two locks around the token", () => {
  it.each(SUBSETS)(
    "[EV6] database: $database, broker keys: $brokerKeys, device folder: $deviceFolder",
    async (loot) => {
      const token = device.user.token.reveal();
      const opened = await openEverything(loot);
      const isEverythingThere = loot.database && loot.brokerKeys && loot.deviceFolder;
      expect(opened.some((text) => text.includes(token))).toBe(isEverythingThere);
      expect(everything(loot)).not.toContain(token);
      // The device's lock opens for the device, and shows no more than the broker's.
      expect(opened.length).toBe(isEverythingThere ? 2 : loot.database && loot.deviceFolder ? 1 : 0);
    },
  );

  it("[RS1] the answers that a device was sent open for nobody afterwards", async () => {
    const answers = device.received.filter((text) => text.includes('"signature"'));
    expect(answers.length).toBeGreaterThan(0);
    const keys = await keysIn({ database: true, brokerKeys: true, deviceFolder: true });
    for (const text of answers) {
      const { box, signature } = JSON.parse(text) as { box: Sealed; signature: string };
      const { bd } = JSON.parse(Buffer.from(signature.split(".")[1]!, "base64url").toString()) as {
        bd: string;
      };
      for (const key of keys) {
        const at = { purpose: "res", bid: world.broker.bid, context: `${bd}|sealed` } as const;
        expect(await open(key, at, box)).toBeUndefined();
      }
    }
  });
});
