import { writeFile } from "node:fs/promises";
import { base32, base64url, digest, utf8 } from "@jcfetch/shared/crypto/encoding";
import { brokerIdOf, deviceIdOf, exportPublicKey, generateKeys, userIdOf } from "@jcfetch/shared/crypto/keys";
import { type SealPurpose, seal } from "@jcfetch/shared/crypto/seal";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { type AuditLine, chainStart, followChain } from "@jcfetch/shared/protocol/audit";
import { encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import {
  commitTo,
  decodePairingCode,
  encodePairingCode,
  invite,
  newInvitation,
  readReveal,
  reveal,
} from "@jcfetch/shared/protocol/pairing";
import { decodeSetupCode, encodeSetupCode } from "@jcfetch/shared/protocol/setup";
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
const purposes: Record<SealPurpose, true> = {
  "env-inner": true,
  "env-outer": true,
  req: true,
  res: true,
  enrol: true,
  relay: true,
  ask: true,
};
for (const purpose of Object.keys(purposes) as SealPurpose[]) {
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
  sensitive: ["*Admin*"],
  maxCredentialSeconds: 43_200,
  maxPerMinute: 30,
  networks: { countries: ["DE"], asns: [64_496], cidrs: ["192.0.2.0/24", "2001:db8::/32"] },
  unattended: false,
};
const proof = { v: 1, htm: "POST", p: "/v1/envelope", bid: ids.bid, bd: hash, iat: times.iat, ctr: 7 };
const of = { v: 1, uid: ids.uid, bid: ids.bid };
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
  proof: await signDocument("jc-proof+jwt", { ...proof, gh: hash, n: 1_048_577, seq: 3, ah: hash }, sign),
  extensionProof: await signDocument(
    "jc-ext+jwt",
    { ...proof, uid: ids.uid, member: "A".repeat(22), Esig },
    sign,
  ),
  revocations: await signDocument(
    "jc-rl+jwt",
    { ...of, rl: 4, dids: [ids.did], locked: [ids.did], lock: false, iat: times.iat },
    sign,
  ),
  response: await signDocument(
    "jc-res+jwt",
    { v: 1, bd: hash, h: hash, mode: "relay", iat: times.iat },
    sign,
  ),
  state: await signDocument(
    "jc-state+jwt",
    { ...of, did: ids.did, bd: hash, n: 1_048_577, seq: 3, ah: hash, rl: 4, iat: times.iat },
    sign,
  ),
  auditHead: await signDocument("jc-head+jwt", { ...of, seq: 3, ah: hash, rl: 4, iat: times.iat }, sign),
  approval: await signDocument(
    "jc-ok+jwt",
    {
      ...of,
      did: ids.did,
      gh: hash,
      rh: hash,
      account: "111122223333",
      role: "PowerUser",
      iat: times.iat,
      exp: times.iat + 60,
    },
    sign,
  ),
};

const entry = { did: ids.did, account: null, role: null, mode: null, intent: null, outcome: null } as const;
const lines = [
  { entry: { ...entry, seq: 1, at: times.iat, act: "grant" } },
  {
    entry: {
      ...entry,
      seq: 2,
      at: times.iat + 1,
      act: "fetch",
      account: "111122223333",
      role: "PowerUser",
      mode: "sealed",
    },
  },
  { seq: 3, digest: hash },
] as unknown as AuditLine[];
const start = { seq: 0, ah: await digest(chainStart(ids.bid, ids.uid)) };

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
const setup = await encodeSetupCode({ bid: ids.bid as BrokerId, url, token, m: invitation.m });
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
    setup,
    setupSecret: (await decodeSetupCode(setup))!.s.reveal(),
    address: await encodeBrokerAddress({ bid: ids.bid as BrokerId, url }),
    pairing: pairingCode,
    m: invitation.m,
    s: invitation.s.reveal(),
    url,
  },
  audit: { start, lines, places: [...(await followChain(start, lines))!] },
  pairing: {
    state: { ...invited.value.state, s: invitation.s.reveal() },
    revealBox: revealed.value.box,
    words: [...revealed.value.words],
    did: read.value.terminal!.did,
  },
};
await writeFile(new URL("./jc1.json", import.meta.url), `${JSON.stringify(vectors, null, 2)}\n`);
