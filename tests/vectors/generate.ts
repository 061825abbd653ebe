import { writeFile } from "node:fs/promises";
import { base32, base64url, digest, utf8 } from "@jcfetch/shared/crypto/encoding";
import { brokerIdOf, deviceIdOf, exportPublicKey, generateKeys, userIdOf } from "@jcfetch/shared/crypto/keys";
import { type SealPurpose, seal } from "@jcfetch/shared/crypto/seal";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import {
  commitTo,
  decodePairingCode,
  encodePairingCode,
  invite,
  newInvitation,
  readReveal,
  reveal,
} from "@jcfetch/shared/protocol/pairing";
import type { Vectors } from "./run.ts";

const signing = await generateKeys("sign", true);
const agreement = await generateKeys("agree", true);
const Esig = await exportPublicKey(signing.publicKey);
const Ekem = await exportPublicKey(agreement.publicKey);
const ids = { uid: await userIdOf(Esig), did: await deviceIdOf(Esig), bid: await brokerIdOf(Esig) };
const url = "http://127.0.0.1:8787";
const hash = await digest("vector");

const encodings: Vectors["encodings"] = [];
for (const hex of ["", "00", "ff", "0102", "deadbeef", "00".repeat(32), "fb".repeat(31)]) {
  const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
  encodings.push({ hex, base64url: base64url(bytes), base32: base32(bytes), digest: await digest(bytes) });
}

const seals: Vectors["seals"] = [];
for (const purpose of ["env-inner", "env-outer", "req", "res", "enrol"] satisfies SealPurpose[]) {
  const at = { purpose, bid: ids.bid, context: `1|${ids.uid}|${purpose}` };
  const plaintext = `plaintext of ${purpose}: ä€😀`;
  seals.push({ ...at, plaintext, box: await seal(agreement.publicKey, at, utf8(plaintext)) });
}

const times = { iat: 1_760_000_000, exp: 1_760_003_600 };
const policy = {
  v: 1,
  region: "us-east-1",
  start: "https://acme.awsapps.com/start",
  allow: [{ account: "111122223333", roles: ["PowerUser"] }],
  ask: [],
  sensitive: [],
  maxCredentialSeconds: 43_200,
  maxPerMinute: 30,
};
const proof = { v: 1, htm: "POST", p: "/v1/envelope", bid: ids.bid, bd: hash, iat: times.iat, ctr: 7 };
const sign = signing.privateKey;
const grant = await signDocument(
  "jc-grant+jwt",
  {
    v: 1,
    uid: ids.uid,
    member: "A".repeat(22),
    Esig,
    Ekem,
    did: ids.did,
    Dsig: Esig,
    Dkem: Ekem,
    bid: ids.bid,
    minv: 1,
    name: "thinkpad",
    modes: ["sealed"],
    policy,
    ...times,
  },
  sign,
);
const documents: Vectors["documents"] = {
  keyset: await signDocument(
    "jc-keys+jwt",
    {
      v: 1,
      bid: ids.bid,
      Bsig: Esig,
      minv: 1,
      maxv: 1,
      time: times.iat,
      epochs: [{ kid: "e1", pk: Ekem, nbf: times.iat, exp: times.exp }],
    },
    sign,
  ),
  grant,
  envelope: await signDocument(
    "jc-env+jwt",
    {
      v: 1,
      uid: ids.uid,
      did: ids.did,
      gh: hash,
      bid: ids.bid,
      epoch: "e1",
      seq: 3,
      ...times,
      ih: hash,
      oh: hash,
    },
    sign,
  ),
  proof: await signDocument("jc-proof+jwt", { ...proof, gh: hash }, sign),
  extensionProof: await signDocument(
    "jc-ext+jwt",
    { ...proof, uid: ids.uid, member: "A".repeat(22), Esig },
    sign,
  ),
};

const invitation = newInvitation(ids.bid, base64url(crypto.getRandomValues(new Uint8Array(32))));
const pairingCode = await encodePairingCode({ bid: ids.bid, url, m: invitation.m, s: invitation.s });
const device = { signing: await generateKeys("sign"), agreement: await generateKeys("agree") };
const info = { host: "thinkpad", osUser: "ana", os: "linux", ssh: false, version: "0.1.0" };
const committed = await commitTo((await decodePairingCode(pairingCode))!, device, info);
const invited = await invite(invitation, committed.box, { Esig, Ekem });
if (!invited.ok) throw new Error("the invitation failed");
const revealed = await reveal(committed.state, invited.value.box);
if (!revealed.ok) throw new Error("the reveal failed");
const read = await readReveal(invited.value.state, revealed.value.box);
if (!read.ok) throw new Error("reading the reveal failed");

const token = base64url(crypto.getRandomValues(new Uint8Array(52)));
const vectors: Vectors = {
  keys: {
    signing: { private: await crypto.subtle.exportKey("jwk", signing.privateKey), public: Esig },
    agreement: { private: await crypto.subtle.exportKey("jwk", agreement.privateKey), public: Ekem },
  },
  ids,
  encodings,
  seals,
  documents,
  grantHash: await digest(grant),
  codes: {
    enrolment: await encodeEnrolmentCode({ bid: ids.bid, url, token }),
    token,
    pairing: pairingCode,
    m: invitation.m,
    s: invitation.s.reveal(),
    url,
  },
  pairing: {
    state: { ...invited.value.state, s: invitation.s.reveal() },
    revealBox: revealed.value.box,
    words: [...revealed.value.words],
    did: read.value.terminal!.did,
  },
};
await writeFile(new URL("./jc1.json", import.meta.url), `${JSON.stringify(vectors, null, 2)}\n`);
