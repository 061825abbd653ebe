import { isDeepStrictEqual } from "node:util";
import { digest, utf8 } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import { open, type Sealed, seal } from "@jcfetch/shared/crypto/seal";
import { type DocumentType, signDocument } from "@jcfetch/shared/crypto/sign";
import * as documents from "@jcfetch/shared/protocol/documents";
import {
  decodeEnrolmentCode,
  type EnrolmentCode,
  encodeEnrolmentCode,
} from "@jcfetch/shared/protocol/enrolment";
import { decodePairingCode, encodePairingCode, type PairingCode } from "@jcfetch/shared/protocol/pairing";
import * as verify from "@jcfetch/shared/protocol/verify";
import { Secret } from "@jcfetch/shared/secret";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { newDeviceKeys, newExtension } from "../support/clients.ts";
import { mutateDocument } from "./fuzz/documents.ts";
import { count, measured, random, scale, seed } from "./scale.ts";

/*
 * Every parser of text that comes from others: it throws never, and what it takes is exactly what its schema says, signed
 * by the one key that may. Mutants are signed with that key, so only the parser is left to refuse.
 */

const MUTANTS = scale(250, 100_000);

interface Parser {
  readonly schema: v.GenericSchema;
  readonly good: string;
  readonly key: CryptoKey;
  /** @returns the document, or `undefined` for one that may not be believed. */
  read(jws: string): Promise<unknown>;
}

let parsers: Record<keyof typeof verify, Parser>;
beforeAll(async () => {
  parsers = await makeParsers();
});

async function makeParsers(): Promise<typeof parsers> {
  const at = { url: "http://127.0.0.1:1", bid: await digest("a broker"), now: () => Date.now() };
  const signing = await generateKeys("sign");
  const own = await exportPublicKey(signing.publicKey);
  const extension = await newExtension(at);
  const device = await newDeviceKeys();
  const iat = Math.floor(Date.now() / 1_000);
  const bd = await digest("body");
  const { uid, Esig } = extension;
  const { did, Dsig, Dkem } = device.keys;
  const policy = {
    v: 1,
    region: "us-east-1",
    start: "https://acme.awsapps.com/start",
    allow: [{ account: "999999999999", roles: ["S3Admin"] }],
    ask: [],
    sensitive: [],
    maxCredentialSeconds: 3_600,
    maxPerMinute: 30,
    unattended: false,
    networks: { countries: [], asns: [], cidrs: [] },
  };
  const proof = { v: 1, htm: "POST", p: "/v1/envelope", bid: at.bid, bd, iat, ctr: 1 };
  const grant = {
    v: 1,
    uid,
    member: "A".repeat(22),
    Esig,
    Ekem: Dkem,
    did,
    Dsig,
    Dkem,
    bid: at.bid,
    minv: 1,
  };
  const epoch = { kid: "an-epoch", pk: Dkem, nbf: iat, exp: iat + 1 };
  const bid = await digestOfKey(own);
  const made = async (typ: DocumentType, by: CryptoKeyPair, payload: object) => ({
    good: await signDocument(typ, payload, by.privateKey),
    key: by.privateKey,
  });
  const keyset = { v: 1, bid, Bsig: own, minv: 1, maxv: 1, time: iat, epochs: [epoch] };
  return {
    verifyKeyset: {
      schema: documents.Keyset,
      ...(await made("jc-keys+jwt", signing, keyset)),
      read: (jws) => verify.verifyKeyset(jws, bid),
    },
    verifyGrant: {
      schema: documents.Grant,
      ...(await made("jc-grant+jwt", extension.signing, {
        ...grant,
        name: "a",
        modes: ["sealed"],
        policy,
        iat,
        exp: iat + 1,
      })),
      read: async (jws) => (await verify.verifyGrant(jws))?.grant,
    },
    verifyEnvelope: {
      schema: documents.Envelope,
      ...(await made("jc-env+jwt", signing, {
        v: 1,
        uid,
        did,
        gh: bd,
        bid,
        epoch: "e",
        seq: 1,
        iat,
        exp: iat + 1,
        ih: bd,
        oh: bd,
      })),
      read: (jws) => verify.verifyEnvelope(jws, own),
    },
    verifyRevocations: {
      schema: documents.Revocations,
      ...(await made("jc-rl+jwt", signing, {
        v: 1,
        uid,
        bid,
        rl: 1,
        dids: [did],
        locked: [],
        lock: false,
        iat,
      })),
      read: (jws) => verify.verifyRevocations(jws, own),
    },
    verifyProof: {
      schema: documents.Proof,
      ...(await made("jc-proof+jwt", signing, { ...proof, gh: bd, n: 0, seq: 0, ah: null })),
      read: (jws) => verify.verifyProof(jws, own),
    },
    verifyExtensionProof: {
      schema: documents.ExtensionProof,
      ...(await made("jc-ext+jwt", extension.signing, { ...proof, uid, Esig, member: "A".repeat(22) })),
      read: (jws) => verify.verifyExtensionProof(jws),
    },
    verifyResponse: {
      schema: documents.ResponseSignature,
      ...(await made("jc-res+jwt", signing, { v: 1, bd, h: bd, mode: "sealed", iat })),
      read: (jws) => verify.verifyResponse(jws, own),
    },
    verifyState: {
      schema: documents.State,
      ...(await made("jc-state+jwt", signing, { v: 1, uid, did, bid, bd, n: 1, seq: 1, ah: bd, rl: 0, iat })),
      read: (jws) => verify.verifyState(jws, own),
    },
    verifyAuditHead: {
      schema: documents.AuditHead,
      ...(await made("jc-head+jwt", signing, { v: 1, uid, bid, seq: 1, ah: bd, rl: 0, iat })),
      read: (jws) => verify.verifyAuditHead(jws, own),
    },
    verifyApproval: {
      schema: documents.Approval,
      ...(await made("jc-ok+jwt", signing, {
        ...{ v: 1, uid, did, gh: bd, bid, rh: bd, account: "999999999999", role: "ReadOnly" },
        ...{ iat, exp: iat + 1 },
      })),
      read: (jws) => verify.verifyApproval(jws, own),
    },
  };
}

const digestOfKey = (key: string): Promise<string> => digest(Buffer.from(key, "base64url"));

const PARSERS = Object.keys(verify) as (keyof typeof verify)[];

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe("documents", () => {
  it.each(PARSERS)("D-4: %s takes nothing but what its schema says, rightly signed", async (name) => {
    const { schema, good, key, read } = parsers[name];
    expect(await read(good)).toBeDefined();
    const pick = random();
    let taken = 0;
    for (let i = 0; i < MUTANTS; i++) {
      const mutant = await mutateDocument(good, key, pick);
      const document = await read(mutant.text);
      if (document === undefined) continue;
      taken += 1;
      const said = parsed(mutant.payload);
      const isRight = v.is(schema, said) && isDeepStrictEqual(document, said);
      expect(isRight, `mutant ${i}, seed ${seed()}: ${mutant.member} ${mutant.text}`).toBe(true);
    }
    // A harmless change, such as another time, is one that its schema allows: there are some, and few.
    expect(taken).toBeLessThan(MUTANTS / 4);
  });

  it("D-4: a seal opens for its own bytes and no others", async (test) => {
    const keys = await generateKeys("agree");
    const at = { purpose: "req", bid: await digest("a broker"), context: "1|me|/v1/credentials" } as const;
    const box = await seal(keys.publicKey, at, utf8("x".repeat(200)));
    expect(await open(keys, at, box)).toBeDefined();
    const pick = random();
    for (let i = 0; i < MUTANTS; i++) {
      const name = pick(2) === 0 ? "e" : "c";
      const wrong: Sealed = { ...box, [name]: changedText(box[name], pick) };
      expect(await open(keys, at, wrong), `mutant ${i}, seed ${seed()}`).toBeUndefined();
    }
    measured(test, `${count(MUTANTS)} boxes`);
  });
});

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\u0000é🚀";

/** One or more characters other, more or fewer. Never the same text. */
function changedText(text: string, pick: (below: number) => number): string {
  for (;;) {
    const at = pick(text.length);
    const some = [...ALPHABET][pick([...ALPHABET].length)]!;
    const changed = [
      text.slice(0, at) + some + text.slice(at + 1),
      text.slice(0, at) + some + text.slice(at),
      text.slice(0, at),
      text.slice(0, at) + text.slice(at + 1 + pick(8)),
      text.slice(0, at) + text.slice(at).toUpperCase(),
    ][pick(5)]!;
    if (changed !== text) return changed;
  }
}

describe("codes", () => {
  const bid = "A".repeat(43);
  const codes = {
    pairing: {
      encode: (code: PairingCode) => encodePairingCode(code),
      decode: decodePairingCode,
      code: { bid, url: "https://broker.example", m: bid, s: new Secret(bid) },
    },
    enrolment: {
      encode: (code: EnrolmentCode) => encodeEnrolmentCode(code),
      decode: decodeEnrolmentCode,
      code: { bid, url: "https://broker.example", token: `${"A".repeat(69)}A` },
    },
  } as const;

  it.each(Object.keys(codes) as (keyof typeof codes)[])(
    "D-4: a code for %s is read whole or not at all",
    async (kind) => {
      const { encode, decode, code } = codes[kind] as unknown as {
        encode: (code: unknown) => Promise<string>;
        decode: (text: string) => Promise<unknown>;
        code: unknown;
      };
      const good = await encode(code);
      expect(await decode(good)).toBeDefined();
      const pick = random();
      for (let i = 0; i < MUTANTS; i++) {
        const text = changedText(good, pick);
        const found = await decode(text);
        // White space is what pasting brings; everything else is another code.
        if (found !== undefined) expect(text.replaceAll(/\s/g, ""), `mutant ${i}, seed ${seed()}`).toBe(good);
      }
    },
  );
});
