import { aead, hash, list, name, pub, type Rule, seal, sign, type Term, word } from "./terms.ts";

/*
 * The documents of jc1 as terms, field by field (d25-symbolic.test.ts compares the fields with the schemas). Times, versions
 * and display names are left out: they restrict, and what is not there restricts nothing.
 */

/** One binding of the protocol left out, to show that an attack then appears. */
export type Flaw =
  | "no inner lock"
  | "no outer lock"
  | "epoch key stored in the clear"
  | "answer sealed to the device's own key"
  | "answer not signed"
  | "inner lock not bound to the grant"
  | "inner lock bound to nobody"
  | "policy not checked by the broker"
  | "proof does not cover the body"
  | "extension believes the broker's digest"
  | "approval for any key"
  | "keyset not pinned";

export type Has = (flaw: Flaw) => boolean;

export const ROLES = ["plain", "sensitive", "ask", "denied"] as const;
export type Role = (typeof ROLES)[number];

const E1 = name("E1.sig");
const E2 = name("E2.sig");
export const KEYS = {
  /** The person's extension and their terminal. */
  E1,
  E1kem: name("E1.kem"),
  D1: name("D1.sig"),
  D1kem: name("D1.kem"),
  /** Another user of the broker: the attacker, always. */
  E2,
  E2kem: name("E2.kem"),
  X: name("X.sig"),
  Xkem: name("X.kem"),
  B: name("B.sig"),
  epoch: name("B.epoch"),
  root: name("B.root"),
  /** An encryption key of the attacker's. */
  x: name("x"),
} as const;

export const TOKEN = name("token");
export const credentialsOf = (role: Role): Term => name(`credentials of ${role}`);
export const FALSE = name("false credentials");

export const bid = hash(pub(KEYS.B));
export const NOTHING = word("null");
export const roleWord = (role: Role): Term => word(role);

/** A document: its `typ` and its fields. */
export const doc = (typ: string, fields: Readonly<Record<string, Term>>): Term =>
  list(
    word(typ),
    ...Object.keys(fields)
      .sort()
      .map((key) => list(word(key), fields[key]!)),
  );

/** `info` and `aad` of a seal. */
const at = (purpose: string, ...context: readonly Term[]): Term => list(word(purpose), bid, ...context);

export interface Grant {
  readonly uid: Term;
  readonly did: Term;
  readonly signer: Term;
  readonly device: Term;
  readonly deviceKem: Term;
  readonly policy: "narrow" | "wide";
  readonly jws: Term;
  readonly gh: Term;
}

export function grantOf(
  signer: Term,
  claimed: Term,
  device: "D1" | "X",
  policy: Grant["policy"],
  modes: string,
): Grant {
  const [Dsig, Dkem] = device === "D1" ? [KEYS.D1, KEYS.D1kem] : [KEYS.X, KEYS.Xkem];
  const Ekem = signer === E1 ? KEYS.E1kem : KEYS.E2kem;
  const uid = hash(pub(claimed));
  const did = hash(pub(Dsig));
  const fields = {
    uid,
    member: word("mark"),
    Esig: pub(signer),
    Ekem: pub(Ekem),
    did,
    Dsig: pub(Dsig),
    Dkem: pub(Dkem),
    bid,
    modes: word(modes),
    policy: word(policy),
  };
  const jws = sign(signer, doc("jc-grant+jwt", fields));
  return { uid, did, signer, device: Dsig, deviceKem: Dkem, policy, jws, gh: hash(jws) };
}

type EnvelopeOf = Pick<Grant, "uid" | "did" | "gh">;
const KID = word("kid");

export function innerContext({ uid, did, gh }: EnvelopeOf, has: Has): Term {
  if (has("inner lock bound to nobody")) return at("env-inner", KID);
  const bound = has("inner lock not bound to the grant") ? [uid, did] : [uid, did, gh];
  return at("env-inner", ...bound, KID);
}

/** The token under the broker's lock. @param to the key that the extension takes for the broker's. */
export const innerLock = (grant: EnvelopeOf, to: Term, has: Has): Term =>
  has("no inner lock") ? TOKEN : seal(pub(to), innerContext(grant, has), TOKEN);

export function outerLock({ uid, did, gh, deviceKem }: Grant, inner: Term, has: Has): Term {
  return has("no outer lock")
    ? inner
    : seal(pub(deviceKem), at("env-outer", uid, did, gh, word("seq")), inner);
}

export function envelopeOf(signer: Term, { uid, did, gh }: EnvelopeOf, inner: Term, outer: Term): Term {
  const fields = { uid, did, gh, bid, epoch: KID, seq: word("seq"), ih: hash(inner), oh: hash(outer) };
  return sign(signer, doc("jc-env+jwt", fields));
}

/** What an extension calls with. */
export const extensionProof = (signer: Term, path: string, body: Term): Term =>
  sign(
    signer,
    doc("jc-ext+jwt", {
      htm: word("POST"),
      p: word(path),
      bid,
      uid: hash(pub(signer)),
      Esig: pub(signer),
      member: word("mark"),
      bd: hash(body),
      ctr: word("ctr"),
    }),
  );

export const proofOf = (grant: Grant, path: string, body: Term, has: Has): Term =>
  sign(
    grant.device,
    doc("jc-proof+jwt", {
      htm: word("POST"),
      p: word(path),
      bid,
      gh: grant.gh,
      bd: has("proof does not cover the body") ? NOTHING : hash(body),
      ctr: word("ctr"),
      n: word("n"),
      seq: word("seq"),
      ah: word("ah"),
    }),
  );

export const keysetOf = (): Term =>
  sign(KEYS.B, doc("jc-keys+jwt", { bid, Bsig: pub(KEYS.B), epochs: list(KID, pub(KEYS.epoch)) }));

/** How an epoch key lies in the database. */
export const storedEpoch = (has: Has): Term =>
  has("epoch key stored in the clear") ? KEYS.epoch : aead(KEYS.root, list(bid, KID), KEYS.epoch);

/** [EN6] Enrolment of a member: the token itself, sealed to the broker, once. */
export const membershipBody = (signer: Term): Term =>
  list(
    KID,
    seal(pub(KEYS.epoch), at("enrol", hash(pub(signer)), word("/v1/enrol")), list(TOKEN, word("region"))),
  );

export interface Ask {
  readonly rpk: Term;
  readonly role: Role;
}

export function sealedBody(
  grant: Grant,
  envelope: Term,
  inner: Term,
  { rpk, role }: Ask,
  approval: Term,
  to: Term,
): Term {
  const request = list(grant.jws, envelope, inner, rpk, roleWord(role), word("sealed"), approval);
  return list(KID, seal(pub(to), at("req", grant.uid, word("/v1/credentials")), request));
}

export const relayBox = ({ uid, did, gh }: Grant, { rpk, role }: Ask, ekem: Term): Term =>
  seal(pub(ekem), at("relay", uid, did, gh), list(rpk, roleWord(role), word("digits")));

export const approvalBox = ({ uid, did, gh }: Grant, { rpk, role }: Ask, ekem: Term): Term =>
  seal(pub(ekem), at("ask", uid, did, gh), list(hash(rpk), roleWord(role), word("digits")));

export const approvalOf = (signer: Term, { uid, did, gh }: Grant, { rpk, role }: Ask, has: Has): Term =>
  sign(
    signer,
    doc("jc-ok+jwt", {
      uid,
      did,
      gh,
      bid,
      rh: has("approval for any key") ? NOTHING : hash(rpk),
      account: word("account"),
      role: roleWord(role),
    }),
  );

/** The answer to one request: the box, and the signature over it. */
export function answerOf(
  signer: Term,
  mode: "sealed" | "relay",
  body: Term,
  content: Term,
  { rpk, role }: Ask,
  has: Has,
): Term {
  const to = has("answer sealed to the device's own key") ? pub(KEYS.D1kem) : rpk;
  const box = seal(to, at("res", hash(body), word(mode)), list(content, roleWord(role)));
  if (has("answer not signed")) return box;
  return list(box, sign(signer, doc("jc-res+jwt", { bd: hash(body), h: hash(box), mode: word(mode) })));
}

/** Public keys, and all that the other user of the broker has: known to everybody who attacks. */
export const PUBLIC: readonly Term[] = [
  ...[KEYS.E1, KEYS.E1kem, KEYS.D1, KEYS.D1kem, KEYS.B, KEYS.epoch].map(pub),
  ...[KEYS.E2, KEYS.E2kem, KEYS.X, KEYS.Xkem, KEYS.x, FALSE],
];

/** Whoever has the token has every role of its user, at AWS. */
export const AWS: Rule = { needs: [TOKEN], gives: ROLES.map(credentialsOf) };
