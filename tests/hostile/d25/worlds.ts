import {
  type Ask,
  AWS,
  answerOf,
  approvalBox,
  approvalOf,
  credentialsOf,
  envelopeOf,
  extensionProof,
  FALSE,
  type Flaw,
  type Grant,
  grantOf,
  type Has,
  innerContext,
  innerLock,
  KEYS,
  keysetOf,
  membershipBody,
  NOTHING,
  outerLock,
  PUBLIC,
  proofOf,
  ROLES,
  type Role,
  relayBox,
  sealedBody,
  storedEpoch,
  TOKEN,
} from "./parties.ts";
import { hash, Knowledge, list, name, pub, type Rule, type Term } from "./terms.ts";

/*
 * One user, one terminal, one broker, and whoever attacks them. What an attacker starts with are any of the LEAKS; the honest
 * parties have made one request for each role that they can have, and go on answering whoever asks rightly.
 */

/** Things that can get into the wrong hands, and what an attacker can reach. */
export const LEAKS = [
  /** The broker's storage: envelopes, wrapped epoch keys, grants' hashes, audit. */
  "database",
  /** The root key, which wraps epoch keys. */
  "root key",
  /** The broker's signing key. */
  "signing key",
  /** The terminal's folder: both private keys and the grant. */
  "terminal",
  /** Everything that went over the wire. */
  "traffic",
  /** Bytes of the extension's keys from a stolen browser profile; not the browser that runs. */
  "browser profile",
  /** The honest broker answers the attacker's requests. */
  "reach",
  /** The attacker is the broker: its code, while the user is active. */
  "live broker",
] as const;
export type Leak = (typeof LEAKS)[number];

/** What the grant allows: `both` serves plain roles sealed and sensitive ones relayed; `relay` relays all. */
export type Modes = "both" | "relay";

export interface World {
  readonly modes: Modes;
  readonly has: Has;
  readonly grant: Grant;
  readonly inner: Term;
  readonly outer: Term;
  readonly envelope: Term;
  /** The epoch key was destroyed. */
  readonly later: boolean;
  /** The extension enrolled without a code, by showing that it has a token. */
  readonly member: boolean;
}

export interface WorldOptions {
  readonly flaws?: readonly Flaw[];
  readonly later?: boolean;
  readonly member?: boolean;
}

export function worldOf(
  modes: Modes,
  { flaws = [], later = false, member = false }: WorldOptions = {},
): World {
  const has: Has = (flaw) => flaws.includes(flaw);
  const grant = grantOf(KEYS.E1, KEYS.E1, "D1", "narrow", modes);
  const inner = innerLock(grant, KEYS.epoch, has);
  const outer = outerLock(grant, inner, has);
  const envelope = envelopeOf(KEYS.E1, grant, inner, outer);
  return { modes, has, grant, inner, outer, envelope, later, member };
}

/** The terminal makes a response key for each request; the attacker has one of their own. */
const mine = (role: Role): Term => pub(name(`response key for ${role}`));
const THEIRS = pub(KEYS.x);

const modeOf = (modes: Modes, role: Role): "sealed" | "relay" =>
  modes === "relay" || role === "sensitive" ? "relay" : "sealed";
const sealedRoles = ({ modes }: World): Role[] => ROLES.filter((role) => modeOf(modes, role) === "sealed");
const relayRoles = ({ modes }: World): Role[] => ROLES.filter((role) => modeOf(modes, role) === "relay");

/** The policy's word on a role: with `ask`, only if the user said yes to this very request. */
const allows = (policy: Grant["policy"], role: Role, approved: boolean): boolean =>
  policy === "wide" || (role === "ask" ? approved : role !== "denied");

// ── What the honest parties sent ──────────────────────────────────────────────────────────────────────────────────

const approvalFor = (w: World, ask: Ask, signer = KEYS.E1): Term =>
  ask.role === "ask" ? approvalOf(signer, w.grant, ask, w.has) : NOTHING;

export function honestRequest(w: World, role: Role): { body: Term; ask: Ask } {
  const ask = { rpk: mine(role), role };
  if (modeOf(w.modes, role) === "relay")
    return { ask, body: list(w.grant.jws, relayBox(w.grant, ask, KEYS.E1kem)) };
  return { ask, body: sealedBody(w.grant, w.envelope, w.inner, ask, approvalFor(w, ask), KEYS.epoch) };
}

function traffic(w: World): Term[] {
  const roles = ROLES.filter((role) => role !== "denied");
  const sent = roles.flatMap((role) => {
    const mode = modeOf(w.modes, role);
    const { body, ask } = honestRequest(w, role);
    const path = mode === "relay" ? "/v1/relay" : "/v1/credentials";
    const signer = mode === "relay" ? KEYS.E1 : KEYS.B;
    return [
      body,
      proofOf(w.grant, path, body, w.has),
      answerOf(signer, mode, body, credentialsOf(role), ask, w.has),
    ];
  });
  const enrolment = membershipBody(KEYS.E1);
  const enrolled = w.member ? [enrolment, extensionProof(KEYS.E1, "/v1/enrol", enrolment)] : [];
  if (w.modes === "relay") return [keysetOf(), ...enrolled, ...sent];
  const ask = { rpk: mine("ask"), role: "ask" } as const;
  const asked = list(w.grant.jws, approvalBox(w.grant, ask, KEYS.E1kem));
  const deposit = list(w.envelope, w.outer);
  const fetched = list(w.grant.jws);
  const talk = [
    ...[deposit, extensionProof(KEYS.E1, "/v1/envelopes", deposit)],
    ...[fetched, proofOf(w.grant, "/v1/envelope", fetched, w.has)],
    ...[asked, proofOf(w.grant, "/v1/approval", asked, w.has), approvalFor(w, ask)],
  ];
  return [keysetOf(), ...enrolled, ...sent, ...talk, ...(w.has("keyset not pinned") ? lured(w) : [])];
}

/** What the honest parties send if they take the attacker's key for the broker's. */
function lured(w: World): Term[] {
  const inner = innerLock(w.grant, KEYS.x, w.has);
  const outer = outerLock(w.grant, inner, w.has);
  const envelope = envelopeOf(KEYS.E1, w.grant, inner, outer);
  const ask = { rpk: mine("plain"), role: "plain" } as const;
  return [list(envelope, outer), sealedBody(w.grant, envelope, inner, ask, NOTHING, KEYS.x)];
}

// ── What the honest parties answer ────────────────────────────────────────────────────────────────────────────────

/** Every grant that an attacker could try: of either signer, for either user, either device, either policy. */
const grantsToTry = ({ modes }: World): Grant[] =>
  [KEYS.E1, KEYS.E2].flatMap((signer) =>
    [KEYS.E1, KEYS.E2].flatMap((claimed) =>
      (["D1", "X"] as const).flatMap((device) =>
        (["narrow", "wide"] as const).map((policy) => grantOf(signer, claimed, device, policy, modes)),
      ),
    ),
  );

/** POST /v1/credentials at an honest broker, for all that can be put into a request around the user's token. */
function brokerRules(w: World): Rule[] {
  return grantsToTry(w).flatMap((grant) => {
    // [GR1] the key inside signed it, and hashes to its uid
    if (grant.uid.id !== hash(pub(grant.signer)).id) return [];
    // the lock opens only for the fields it was closed with; any envelope around it must be signed by the grant's own key
    if (!w.has("no inner lock") && innerContext(grant, w.has).id !== innerContext(w.grant, w.has).id)
      return [];
    const envelope =
      grant.gh.id === w.grant.gh.id ? w.envelope : envelopeOf(grant.signer, grant, w.inner, w.outer);
    const registered = grant.gh.id === w.grant.gh.id ? [] : registration(grant, envelope, w.outer);
    return sealedRoles(w).flatMap((role) =>
      [mine(role), THEIRS].flatMap((rpk) =>
        approvalsToTry(w, grant, { rpk, role }).flatMap(({ approval, counts }) =>
          brokerAnswers(w, grant, envelope, { rpk, role }, approval, counts).map((rule) => ({
            ...rule,
            needs: [...rule.needs, ...registered],
          })),
        ),
      ),
    );
  });
}

/** A grant or an envelope that the user's own extension did not leave must be left by somebody with its key. */
const registration = (grant: Grant, envelope: Term, outer: Term): Term[] => {
  const left = list(envelope, outer);
  return [
    extensionProof(grant.signer, "/v1/grants", grant.jws),
    extensionProof(grant.signer, "/v1/envelopes", left),
    left,
  ];
};

/** The approval that the user gave, and those that the attacker's own key can sign. */
function approvalsToTry(w: World, grant: Grant, ask: Ask): { approval: Term; counts: boolean }[] {
  const own = { approval: approvalOf(grant.signer, grant, ask, w.has), counts: true };
  return [{ approval: NOTHING, counts: false }, own];
}

function brokerAnswers(
  w: World,
  grant: Grant,
  envelope: Term,
  ask: Ask,
  approval: Term,
  counts: boolean,
): Rule[] {
  if (!w.has("policy not checked by the broker") && !allows(grant.policy, ask.role, counts)) return [];
  const body = sealedBody(grant, envelope, w.inner, ask, approval, KEYS.epoch);
  const proof = proofOf(grant, "/v1/credentials", body, w.has);
  return [
    { needs: [body, proof], gives: [answerOf(KEYS.B, "sealed", body, credentialsOf(ask.role), ask, w.has)] },
  ];
}

/** POST /v1/envelope at an honest broker: for the device that the envelope names. */
function envelopeRule(w: World): Rule {
  const body = list(w.grant.jws);
  return { needs: [body, proofOf(w.grant, "/v1/envelope", body, w.has)], gives: [w.envelope, w.outer] };
}

/** The running extension, as whoever carries the messages can reach it. It knows its own grant and no other. */
function extensionRules(w: World): Rule[] {
  return relayRoles(w).flatMap((role) =>
    [mine(role), THEIRS].flatMap((rpk) => {
      // The user says yes to what they see on their own terminal: that is the honest request alone.
      if (!allows(w.grant.policy, role, rpk.id === mine(role).id)) return [];
      const ask = { rpk, role };
      const body = list(w.grant.jws, relayBox(w.grant, ask, KEYS.E1kem));
      const proved = w.has("extension believes the broker's digest") ? honestRequest(w, role).body : body;
      const needs = [body, proofOf(w.grant, "/v1/relay", proved, w.has)];
      return [{ needs, gives: [answerOf(KEYS.E1, "relay", body, credentialsOf(role), ask, w.has)] }];
    }),
  );
}

// ── An attacker, and what they reach ──────────────────────────────────────────────────────────────────────────────

function startOf(w: World, leaks: ReadonlySet<Leak>): Term[] {
  const stored = w.modes === "relay" ? [] : [w.envelope, w.outer];
  const wrapped = w.later ? [] : [storedEpoch(w.has)];
  const of: Record<Leak, readonly Term[]> = {
    database: [...stored, ...wrapped],
    "root key": [KEYS.root],
    "signing key": [KEYS.B],
    terminal: [KEYS.D1, KEYS.D1kem, w.grant.jws, keysetOf()],
    traffic: traffic(w),
    "browser profile": [KEYS.E1, KEYS.E1kem, w.grant.jws],
    reach: [],
    "live broker": [KEYS.B, KEYS.epoch, KEYS.root, ...stored, ...traffic(w)],
  };
  return [...PUBLIC, ...LEAKS.filter((leak) => leaks.has(leak)).flatMap((leak) => of[leak])];
}

export function attack(w: World, leaks: ReadonlySet<Leak>): Knowledge {
  const broker = leaks.has("reach") && w.modes === "both" ? [envelopeRule(w), ...brokerRules(w)] : [];
  const extension = leaks.has("reach") || leaks.has("live broker") ? extensionRules(w) : [];
  return new Knowledge(startOf(w, leaks), [AWS, ...broker, ...extension]);
}

export const GOALS = ["token", ...ROLES, "false sealed answer", "false relayed answer"] as const;
export type Goal = (typeof GOALS)[number];

/** What an attacker wants: the token, credentials of a role, or the terminal's belief in an answer that is false. */
export function reached(w: World, known: Knowledge): Set<Goal> {
  const falseAnswer = (mode: "sealed" | "relay"): boolean => {
    const role = mode === "sealed" ? sealedRoles(w)[0] : relayRoles(w)[0];
    if (role === undefined) return false;
    const { body, ask } = honestRequest(w, role);
    return known.derives(answerOf(mode === "sealed" ? KEYS.B : KEYS.E1, mode, body, FALSE, ask, w.has));
  };
  const has: Record<Goal, boolean> = {
    ...(Object.fromEntries(ROLES.map((role) => [role, known.derives(credentialsOf(role))])) as Record<
      Role,
      boolean
    >),
    token: known.derives(TOKEN),
    "false sealed answer": falseAnswer("sealed"),
    "false relayed answer": falseAnswer("relay"),
  };
  return new Set(GOALS.filter((goal) => has[goal]));
}
