import { base32, base64url, digest, fromBase64url, fromUtf8, utf8 } from "@jcfetch/shared/crypto/encoding";
import {
  brokerIdOf,
  deviceIdOf,
  importKeyPair,
  importPublicKey,
  userIdOf,
} from "@jcfetch/shared/crypto/keys";
import { open, type Sealed, type SealPurpose } from "@jcfetch/shared/crypto/seal";
import { type DocumentType, verifyDocument } from "@jcfetch/shared/crypto/sign";
import {
  type AuditEntry,
  type AuditLine,
  type AuditPlace,
  chainStart,
  followChain,
} from "@jcfetch/shared/protocol/audit";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { decodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { decodePairingCode, type InviterState, readReveal } from "@jcfetch/shared/protocol/pairing";
import { decodeSetupCode } from "@jcfetch/shared/protocol/setup";
import {
  verifyApproval,
  verifyAuditHead,
  verifyEnvelope,
  verifyExtensionProof,
  verifyGrant,
  verifyKeyset,
  verifyProof,
  verifyResponse,
  verifyRevocations,
  verifyState,
} from "@jcfetch/shared/protocol/verify";
import { Secret } from "@jcfetch/shared/secret";

interface SealVector {
  readonly purpose: SealPurpose;
  readonly bid: string;
  readonly context: string;
  readonly plaintext: string;
  readonly box: Sealed;
}

type DocumentName =
  | "keyset"
  | "grant"
  | "envelope"
  | "revocations"
  | "proof"
  | "extensionProof"
  | "response"
  | "state"
  | "auditHead"
  | "approval";

export interface Vectors {
  readonly keys: Record<"signing" | "agreement", { private: JsonWebKey; public: string }>;
  readonly ids: { uid: string; did: string; bid: string };
  readonly encodings: { hex: string; base64url: string; base32: string; digest: string }[];
  readonly seals: SealVector[];
  readonly documents: Record<DocumentName, string>;
  readonly grantHash: string;
  readonly codes: Record<
    "enrolment" | "token" | "setup" | "setupSecret" | "address" | "pairing" | "m" | "s" | "url",
    string
  >;
  readonly audit: { start: AuditPlace; lines: AuditLine[]; places: AuditPlace[] };
  readonly pairing: {
    state: Omit<InviterState, "s"> & { s: string };
    revealBox: string;
    words: string[];
    did: string;
  };
}

const hexBytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Flip one bit in the middle of a base64url text. */
function flipped(text: string): string {
  const bytes = fromBase64url(text)!;
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  return base64url(bytes);
}

/** @returns how many checks were made, and the names of those that failed. */
export async function runVectors(vectors: Vectors): Promise<{ checks: number; failures: string[] }> {
  const failures: string[] = [];
  let checks = 0;
  const check = (name: string, holds: boolean): void => {
    checks += 1;
    if (!holds) failures.push(name);
  };
  await checkEncodings(vectors, check);
  await checkSeals(vectors, check);
  await checkDocuments(vectors, check);
  await checkCodes(vectors, check);
  await checkAudit(vectors, check);
  return { checks, failures };
}

type Check = (name: string, holds: boolean) => void;

async function checkEncodings({ encodings, keys, ids }: Vectors, check: Check): Promise<void> {
  for (const vector of encodings) {
    const bytes = hexBytes(vector.hex);
    check(`base64url ${vector.hex}`, base64url(bytes) === vector.base64url);
    check(`base64url back ${vector.hex}`, base64url(fromBase64url(vector.base64url)!) === vector.base64url);
    check(`base32 ${vector.hex}`, base32(bytes) === vector.base32);
    check(`digest ${vector.hex}`, (await digest(bytes)) === vector.digest);
  }
  check("padding is refused", fromBase64url("AA==") === undefined);
  check("stray bits are refused", fromBase64url("AB") === undefined);
  check("uid", (await userIdOf(keys.signing.public)) === ids.uid);
  check("did", (await deviceIdOf(keys.signing.public)) === ids.did);
  check("bid", (await brokerIdOf(keys.signing.public)) === ids.bid);
}

async function checkSeals({ seals, keys }: Vectors, check: Check): Promise<void> {
  const pair = await importKeyPair("agree", keys.agreement.private);
  for (const { box, plaintext, ...at } of seals) {
    const opened = await open(pair, at, box);
    check(`seal ${at.purpose}`, opened !== undefined && fromUtf8(opened) === plaintext);
    const elsewhere: SealPurpose = at.purpose === "req" ? "res" : "req";
    check(
      `seal ${at.purpose}: purpose`,
      (await open(pair, { ...at, purpose: elsewhere }, box)) === undefined,
    );
    check(
      `seal ${at.purpose}: broker`,
      (await open(pair, { ...at, bid: "B".repeat(43) }, box)) === undefined,
    );
    check(
      `seal ${at.purpose}: context`,
      (await open(pair, { ...at, context: `${at.context}0` }, box)) === undefined,
    );
    check(
      `seal ${at.purpose}: ciphertext`,
      (await open(pair, at, { ...box, c: flipped(box.c) })) === undefined,
    );
    check(`seal ${at.purpose}: key`, (await open(pair, at, { ...box, e: flipped(box.e) })) === undefined);
  }
}

async function checkDocuments({ documents, keys, ids, grantHash }: Vectors, check: Check): Promise<void> {
  const signer = keys.signing.public;
  const verifiers: Record<DocumentName, (jws: string) => Promise<unknown>> = {
    keyset: async (jws: string) => verifyKeyset(jws, ids.bid),
    grant: async (jws: string) => (await verifyGrant(jws))?.grant,
    envelope: async (jws: string) => verifyEnvelope(jws, signer),
    revocations: async (jws: string) => verifyRevocations(jws, signer),
    proof: async (jws: string) => verifyProof(jws, signer),
    extensionProof: async (jws: string) => verifyExtensionProof(jws),
    response: async (jws: string) => verifyResponse(jws, signer),
    state: async (jws: string) => verifyState(jws, signer),
    auditHead: async (jws: string) => verifyAuditHead(jws, signer),
    approval: async (jws: string) => verifyApproval(jws, signer),
  };
  for (const [name, verify] of Object.entries(verifiers)) {
    const jws = documents[name as keyof typeof documents];
    const [header, payload, signature] = jws.split(".") as [string, string, string];
    check(`${name} verifies`, (await verify(jws)) !== undefined);
    check(`${name}: signature`, (await verify(`${header}.${payload}.${flipped(signature)}`)) === undefined);
    check(`${name}: no signature`, (await verify(`${header}.${payload}.`)) === undefined);
    const none = base64url(
      utf8(JSON.stringify({ alg: "none", typ: JSON.parse(fromUtf8(fromBase64url(header)!)).typ })),
    );
    check(`${name}: alg none`, (await verify(`${none}.${payload}.`)) === undefined);
    for (const [other, text] of Object.entries(documents)) {
      if (other !== name) check(`${name} is not ${other}`, (await verify(text)) === undefined);
    }
  }
  check("grant hash", (await verifyGrant(documents.grant))?.gh === grantHash);
  const key = (await importPublicKey("sign", signer))!;
  const wrong: DocumentType = "jc-pair+jwt";
  for (const jws of Object.values(documents)) {
    check("another typ", (await verifyDocument(wrong, jws, key)) === undefined);
  }
}

async function checkCodes({ codes, ids, pairing }: Vectors, check: Check): Promise<void> {
  const enrolment = await decodeEnrolmentCode(codes.enrolment);
  check(
    "enrolment code",
    enrolment?.token === codes.token && enrolment.bid === ids.bid && enrolment.url === codes.url,
  );
  const pair = await decodePairingCode(` ${codes.pairing.slice(0, 60)}\n${codes.pairing.slice(60)} `);
  check("pairing code", pair?.m === codes.m && pair.s.reveal() === codes.s && pair.url === codes.url);
  check("half a code", (await decodePairingCode(codes.pairing.slice(0, -6))) === undefined);
  check("the other kind of code", (await decodePairingCode(codes.enrolment)) === undefined);
  const setup = await decodeSetupCode(codes.setup);
  check(
    "set-up code",
    setup?.token === codes.token && setup.m === codes.m && setup.s.reveal() === codes.setupSecret,
  );
  const address = await decodeBrokerAddress(codes.address);
  check("address of a broker", address?.bid === ids.bid && address.url === codes.url);

  const state = { ...pairing.state, s: new Secret(pairing.state.s) } as InviterState;
  const revealed = await readReveal(state, pairing.revealBox);
  check("words", revealed.ok && revealed.value.terminal?.words.join() === pairing.words.join());
  check("terminal", revealed.ok && revealed.value.terminal?.did === pairing.did);
  const forged = await readReveal({ ...state, m: "A".repeat(43) }, pairing.revealBox);
  check("another mailbox", !forged.ok);
}

async function checkAudit({ audit, ids }: Vectors, check: Check): Promise<void> {
  const { start, lines, places } = audit;
  check("start of the audit", (await digest(chainStart(ids.bid, ids.uid))) === start.ah);
  check("chain of the audit", JSON.stringify(await followChain(start, lines)) === JSON.stringify(places));
  const [first, ...rest] = lines as [{ entry: AuditEntry }, ...AuditLine[]];
  const changed = { entry: { ...first.entry, at: first.entry.at + 1 } };
  const other = await followChain(start, [changed, ...rest]);
  check("a changed entry", other?.at(-1)?.ah !== places.at(-1)?.ah);
  check("an entry left out", (await followChain(start, rest)) === undefined);
}
