import * as v from "valibot";
import { Sealed } from "../crypto/seal.ts";
import { DeviceId } from "../domain/ids.ts";
import { AuditLine, AuditPlace, MAX_AUDIT_PAGE } from "./audit.ts";
import { EpochId, Jws, MemberMark } from "./documents.ts";
import type { WireErrorCode } from "./errors.ts";
import { ASKED_REFUSALS } from "./relay.ts";

/*
 * The broker on one screen. Every endpoint is `POST`, takes and gives `application/jc+json`, and refuses with
 * `application/problem+json` (errors.ts). docs/protocol.md has the rules; the documents are in documents.ts.
 */

/** Who may call. `device` and `extension` prove it with a signature over this very request (`JC-Proof`). */
export type Caller = "anyone" | "extension" | "device";

export interface Endpoint<
  Req extends v.GenericSchema = v.GenericSchema,
  Res extends v.GenericSchema = v.GenericSchema,
> {
  readonly path: `/v1/${string}`;
  readonly caller: Caller;
  readonly request: Req;
  readonly response: Res;
  /** Refusals of its own, beside those any request may meet (`COMMON_ERRORS`, and `PROOF_ERRORS` where a proof is asked). */
  readonly errors: readonly WireErrorCode[];
}

const endpoint = <Req extends v.GenericSchema, Res extends v.GenericSchema>(
  e: Endpoint<Req, Res>,
): Endpoint<Req, Res> => e;

export const COMMON_ERRORS = [
  "bad-request",
  "host",
  "origin",
  "type",
  "too-large",
  "version",
  "not-found",
  "method",
  "internal",
] as const satisfies readonly WireErrorCode[];

export const PROOF_ERRORS = ["unknown", "clock-skew", "replay"] as const satisfies readonly WireErrorCode[];

const GRANT_ERRORS = [
  "revoked",
  "grant-expired",
  "locked",
  "fork",
  "state-regressed",
  "network",
] as const satisfies readonly WireErrorCode[];

/** Of whoever waits for the extension, and perhaps for the person before it. */
const ASKED_ERRORS = ["browser-offline", ...ASKED_REFUSALS] as const satisfies readonly WireErrorCode[];

/** A list of 256 removed and 64 locked devices is longer than any other document: up to 12,728 characters. */
const LongJws = v.pipe(v.string(), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/), v.maxLength(13_312));
const Nothing = v.strictObject({});
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const AuditLimit = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_AUDIT_PAGE));
/** `from` is where the lines begin: `after`, or further on when what came before was pruned. `head` is an `AuditHead`. */
const AuditPage = v.strictObject({
  from: AuditPlace,
  lines: v.pipe(v.array(AuditLine), v.maxLength(MAX_AUDIT_PAGE)),
  head: Jws,
});
const Done = v.strictObject({ ok: v.literal(true) });
const Seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Is it there, and which version does it speak. */
export const health = endpoint({
  path: "/v1/health",
  caller: "anyone",
  request: Nothing,
  response: v.strictObject({ ok: v.literal(true), version: v.literal(1) }),
  errors: [],
});

/** The broker's signed keyset: its identity, its time, the key to seal to. */
export const keys = endpoint({
  path: "/v1/keys",
  caller: "anyone",
  request: Nothing,
  response: v.strictObject({ keyset: Jws }),
  errors: [],
});

// ── The extension: enrolment, grants, envelopes, revocation ───────────────────────────────────────────────────────

/**
 * Make this extension a user of this broker: by a one-use code, or as a member of a directory. Either travels sealed to the
 * broker's key (`EnrolmentRequest`, `MembershipRequest`).
 */
export const enrol = endpoint({
  path: "/v1/enrol",
  caller: "extension",
  request: v.strictObject({ kid: EpochId, box: Sealed }),
  response: v.strictObject({ ok: v.literal(true), member: MemberMark }),
  errors: [
    "enrolment-refused",
    "epoch-unknown",
    "not-a-member",
    "sso-expired",
    "rate",
    "upstream-throttled",
    "upstream",
  ],
});

/** What is inside `enrol.box` when there is a code. */
export const EnrolmentRequest = v.strictObject({
  token: v.pipe(v.string(), v.regex(/^[\w-]{70}$/)),
});

/** Register a signed grant, so that its device may ask. */
export const depositGrant = endpoint({
  path: "/v1/grants",
  caller: "extension",
  request: v.strictObject({ grant: Jws }),
  response: Done,
  errors: ["revoked", "grant-expired", "device-limit"],
});

export const EnvelopeDeposit = v.strictObject({ envelope: Jws, outer: Sealed });
export type EnvelopeDeposit = v.InferOutput<typeof EnvelopeDeposit>;

/** Leave one two-lock envelope for one device; replaces the one before it. */
export const depositEnvelope = endpoint({
  path: "/v1/envelopes",
  caller: "extension",
  request: EnvelopeDeposit,
  response: Done,
  errors: ["revoked", "locked", "fork", "envelope-stale", "epoch-unknown"],
});

/** Drop every envelope of the user: the portal session has ended. */
export const dropEnvelopes = endpoint({
  path: "/v1/envelopes/drop",
  caller: "extension",
  request: Nothing,
  response: Done,
  errors: [],
});

/** Remove devices, or lock them all: a signed list with a number that only rises. */
export const revoke = endpoint({
  path: "/v1/revocations",
  caller: "extension",
  request: v.strictObject({ revocations: LongJws }),
  response: Done,
  errors: ["envelope-stale"],
});

/** What the broker has seen of the user's devices. The list that counts is the extension's own. */
export const devices = endpoint({
  path: "/v1/devices",
  caller: "extension",
  request: Nothing,
  response: v.strictObject({
    rl: v.pipe(v.number(), v.safeInteger()),
    /** A device knew more than the broker; nobody gets anything until a newer revocation list comes. */
    regressed: v.boolean(),
    devices: v.array(
      v.strictObject({
        did: DeviceId,
        lastUsedAt: v.nullable(Seconds),
        envelopeExpiresAt: v.nullable(Seconds),
        /** The device has signed itself off. */
        left: v.boolean(),
        /** Two holders of its keys were seen; it gets nothing any more. */
        forked: v.boolean(),
      }),
    ),
  }),
  errors: [],
});

/** What has happened, whole, for the user. */
export const readActivity = endpoint({
  path: "/v1/activity",
  caller: "extension",
  request: v.strictObject({ after: Whole, limit: AuditLimit }),
  response: AuditPage,
  errors: [],
});

// ── Pairing: a blind mailbox between the extension and one terminal ───────────────────────────────────────────────

/** 16 random bytes and the broker's mark over them. */
const MailboxId = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
const JoinToken = v.pipe(v.string(), v.regex(/^[\w-]{22}$/));
/** Messages in order: the terminal's commitment, the extension's keys, the terminal's keys, the extension's answer. */
export const PairingSlot = v.picklist(["commit", "invite", "reveal", "answer"]);
export type PairingSlot = v.InferOutput<typeof PairingSlot>;
/** AES-GCM under the code's secret: 12-byte IV, ciphertext and tag, base64url. */
const PairingBox = v.pipe(v.string(), v.regex(/^[\w-]+$/), v.maxLength(12_288));
/** Where the broker saw the joiner, when it can tell. */
const JoinedFrom = v.strictObject({
  address: v.nullable(v.pipe(v.string(), v.maxLength(64))),
  country: v.nullable(v.pipe(v.string(), v.maxLength(8))),
  network: v.nullable(v.pipe(v.string(), v.maxLength(128))),
});

const PAIRING_ERRORS = [
  "pairing-unknown",
  "pairing-expired",
  "pairing-joined",
  "pairing-refused",
  "pairing-words",
] as const satisfies readonly WireErrorCode[];

const Taken = v.strictObject({ box: v.nullable(PairingBox), from: v.nullable(JoinedFrom) });

/** `m`: the mailbox that a set-up code names; without it, a new one. */
export const openPairing = endpoint({
  path: "/v1/pairing/open",
  caller: "extension",
  request: v.strictObject({ m: v.optional(MailboxId) }),
  response: v.strictObject({ m: MailboxId, expiresAt: Seconds }),
  errors: ["pairing-limit", "pairing-unknown"],
});

export const putInvite = endpoint({
  path: "/v1/pairing/put",
  caller: "extension",
  request: v.strictObject({ m: MailboxId, slot: v.picklist(["invite", "answer"]), box: PairingBox }),
  response: Done,
  errors: PAIRING_ERRORS,
});

/** Waits up to ten seconds for the message; `box` is null when none came. */
export const takeReply = endpoint({
  path: "/v1/pairing/take",
  caller: "extension",
  request: v.strictObject({ m: MailboxId, slot: v.picklist(["commit", "reveal"]) }),
  response: Taken,
  errors: PAIRING_ERRORS,
});

/** Destroy the mailbox and tell the terminal why. */
export const burnPairing = endpoint({
  path: "/v1/pairing/burn",
  caller: "extension",
  request: v.strictObject({ m: MailboxId, reason: v.picklist(["pairing-refused", "pairing-words"]) }),
  response: Done,
  errors: PAIRING_ERRORS,
});

/** The terminal enters. The first to come gets the token; a second one destroys the mailbox. */
export const joinPairing = endpoint({
  path: "/v1/pairing/join",
  caller: "anyone",
  request: v.strictObject({ m: MailboxId }),
  response: v.strictObject({ t: JoinToken, expiresAt: Seconds }),
  errors: PAIRING_ERRORS,
});

export const sendReply = endpoint({
  path: "/v1/pairing/send",
  caller: "anyone",
  request: v.strictObject({
    m: MailboxId,
    t: JoinToken,
    slot: v.picklist(["commit", "reveal"]),
    box: PairingBox,
  }),
  response: Done,
  errors: PAIRING_ERRORS,
});

export const receiveInvite = endpoint({
  path: "/v1/pairing/receive",
  caller: "anyone",
  request: v.strictObject({ m: MailboxId, t: JoinToken, slot: v.picklist(["invite", "answer"]) }),
  response: v.strictObject({ box: v.nullable(PairingBox) }),
  errors: PAIRING_ERRORS,
});

// ── The device: its envelope, role credentials, signing off ───────────────────────────────────────────────────────

/** The envelope left for this device, still under the device's own lock. */
export const takeEnvelope = endpoint({
  path: "/v1/envelope",
  caller: "device",
  request: v.strictObject({ grant: Jws }),
  response: v.strictObject({ envelope: Jws, outer: Sealed, rl: v.pipe(v.number(), v.safeInteger()) }),
  errors: [...GRANT_ERRORS, "no-session", "sso-expired", "rate"],
});

/** Role credentials, sealed to a key the device made for this one request. Sealed mode. */
export const requestCredentials = endpoint({
  path: "/v1/credentials",
  caller: "device",
  request: v.strictObject({ kid: EpochId, box: Sealed }),
  response: v.strictObject({ box: Sealed, signature: Jws, state: Jws }),
  errors: [
    ...GRANT_ERRORS,
    "epoch-unknown",
    "envelope-stale",
    "policy",
    "needs-approval",
    "credential-too-long",
    "role-not-assigned",
    "no-session",
    "sso-expired",
    "rate",
    "upstream-throttled",
    "upstream",
  ],
});

/** Role credentials from the extension itself. Relay mode: the box is sealed to the extension (relay.ts). */
export const requestRelay = endpoint({
  path: "/v1/relay",
  caller: "device",
  request: v.strictObject({ grant: Jws, box: Sealed }),
  response: v.strictObject({ box: Sealed, signature: Jws, state: Jws }),
  errors: [...GRANT_ERRORS, ...ASKED_ERRORS],
});

/** The user's approval of one request to come, in sealed mode. Answered when the person has, or after a minute. */
export const requestApproval = endpoint({
  path: "/v1/approval",
  caller: "device",
  request: v.strictObject({ grant: Jws, box: Sealed }),
  response: v.strictObject({ approval: Jws }),
  errors: [...GRANT_ERRORS, ...ASKED_ERRORS],
});

/** Is the user's browser there, to answer in relay mode or to be asked? */
export const presence = endpoint({
  path: "/v1/presence",
  caller: "device",
  request: v.strictObject({ grant: Jws }),
  response: v.strictObject({ online: v.boolean() }),
  errors: [...GRANT_ERRORS, "rate"],
});

/** What has happened with this user's devices, for one of them: its own entries whole, of the others the digests. */
export const readAudit = endpoint({
  path: "/v1/audit",
  caller: "device",
  request: v.strictObject({ grant: Jws, after: Whole, limit: AuditLimit }),
  response: AuditPage,
  errors: [...GRANT_ERRORS, "rate"],
});

/** The device signs itself off: its envelope and its row go. */
export const leave = endpoint({
  path: "/v1/leave",
  caller: "device",
  request: v.strictObject({ grant: Jws }),
  response: Done,
  errors: GRANT_ERRORS,
});

export const ENDPOINTS = {
  health,
  keys,
  enrol,
  depositGrant,
  depositEnvelope,
  dropEnvelopes,
  revoke,
  devices,
  openPairing,
  putInvite,
  takeReply,
  burnPairing,
  joinPairing,
  sendReply,
  receiveInvite,
  takeEnvelope,
  requestCredentials,
  requestRelay,
  requestApproval,
  presence,
  readAudit,
  readActivity,
  leave,
} as const satisfies Record<string, Endpoint>;
