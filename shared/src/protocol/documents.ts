import * as v from "valibot";
import { AccountId, BrokerId, DeviceId, RoleName, UserId } from "../domain/ids.ts";
import { Mode } from "./modes.ts";
import { Policy } from "./policy.ts";

/*
 * The signed documents of `jc1`. Every schema is strict: an unknown member is a mistake or an attack, never a feature.
 * All times are seconds since the epoch; all integers are safe integers, checked here and before any arithmetic.
 */

const Version = v.literal(1);
const Seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A signed document as it travels: a compact JWS. */
export const Jws = v.pipe(v.string(), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/), v.maxLength(8_192));
export const Digest = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
/** P-256 public key, SubjectPublicKeyInfo, base64url: 91 bytes. */
export const PublicKey = v.pipe(v.string(), v.regex(/^[\w-]{122}$/));

/** What the broker gave at enrolment: its mark over the user's id, 128 bits. Proves membership without a look-up. */
export const MemberMark = v.pipe(v.string(), v.regex(/^[\w-]{22}$/));

/** Epoch key id. */
export const EpochId = v.pipe(v.string(), v.regex(/^[\w-]{1,32}$/));

/** `jc-keys+jwt` by the broker: who it is, which versions it speaks, what time it is, what to seal to. */
export const Keyset = v.strictObject({
  v: Version,
  bid: BrokerId,
  Bsig: PublicKey,
  minv: Whole,
  maxv: Whole,
  time: Seconds,
  epochs: v.pipe(
    v.array(v.strictObject({ kid: EpochId, pk: PublicKey, nbf: Seconds, exp: Seconds })),
    v.minLength(1),
    v.maxLength(4),
  ),
});
export type Keyset = v.InferOutput<typeof Keyset>;

/** `jc-grant+jwt` by the extension: this device may ask this broker for these roles until then. */
export const Grant = v.strictObject({
  v: Version,
  uid: UserId,
  member: MemberMark,
  Esig: PublicKey,
  Ekem: PublicKey,
  did: DeviceId,
  Dsig: PublicKey,
  Dkem: PublicKey,
  bid: BrokerId,
  minv: Whole,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  modes: v.pipe(v.array(Mode), v.minLength(1), v.maxLength(2)),
  policy: Policy,
  iat: Seconds,
  exp: Seconds,
});
export type Grant = v.InferOutput<typeof Grant>;

/** `jc-env+jwt` by the extension: names the two locks around one SSO token by their hashes. */
export const Envelope = v.strictObject({
  v: Version,
  uid: UserId,
  did: DeviceId,
  gh: Digest,
  bid: BrokerId,
  epoch: EpochId,
  seq: Whole,
  iat: Seconds,
  exp: Seconds,
  ih: Digest,
  oh: Digest,
});
export type Envelope = v.InferOutput<typeof Envelope>;

/** `jc-rl+jwt` by the extension: every device it has removed. `rl` rises with each one; the highest seen wins. */
export const Revocations = v.strictObject({
  v: Version,
  uid: UserId,
  bid: BrokerId,
  rl: Whole,
  dids: v.pipe(v.array(DeviceId), v.maxLength(256)),
  /** Devices that may ask again once a later list leaves them out. */
  locked: v.pipe(v.array(DeviceId), v.maxLength(64)),
  /** Every device, for as long as this list is the newest. */
  lock: v.boolean(),
  iat: Seconds,
});
export type Revocations = v.InferOutput<typeof Revocations>;

const ProofFields = {
  v: Version,
  p: v.pipe(v.string(), v.regex(/^\/v1\/[\w/-]{1,64}$/)),
  bid: BrokerId,
  /** SHA-256 of the raw request body. */
  bd: Digest,
  iat: Seconds,
  ctr: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
};

/** `jc-proof+jwt` by a device, in `JC-Proof`: this very request, once, now. */
export const Proof = v.strictObject({
  ...ProofFields,
  htm: v.literal("POST"),
  gh: Digest,
  /** Join state last received, 0 before the first. [JS1] */
  n: Whole,
  /** Number and hash of the newest audit entry this device has seen; 0 and null before the first. */
  seq: Whole,
  ah: v.nullable(Digest),
});
export type Proof = v.InferOutput<typeof Proof>;

/** `jc-ext+jwt` by the extension, in `JC-Proof`. Only to enrol it goes without a mark. */
export const ExtensionProof = v.strictObject({
  ...ProofFields,
  /** `GET` opens the socket of relay mode; its body is empty. */
  htm: v.picklist(["POST", "GET"]),
  uid: UserId,
  Esig: PublicKey,
  member: v.optional(MemberMark),
});
export type ExtensionProof = v.InferOutput<typeof ExtensionProof>;

/** `jc-res+jwt` by the broker (sealed) or the extension (relay): this sealed answer belongs to that request. */
export const ResponseSignature = v.strictObject({
  v: Version,
  /** Body digest of the request that is answered. */
  bd: Digest,
  /** SHA-256 of `e.c` of the sealed answer. */
  h: Digest,
  mode: Mode,
  iat: Seconds,
});
export type ResponseSignature = v.InferOutput<typeof ResponseSignature>;

/** `jc-state+jwt` by the broker, with every answer that counts: where this device and the user's audit stand. [JS4] */
export const State = v.strictObject({
  v: Version,
  uid: UserId,
  did: DeviceId,
  bid: BrokerId,
  /** Body digest of the request that is answered. */
  bd: Digest,
  /** Join state to present next time. */
  n: Whole,
  seq: Whole,
  ah: Digest,
  /** Highest revocation number the broker holds. */
  rl: Whole,
  iat: Seconds,
});
export type State = v.InferOutput<typeof State>;

/** `jc-head+jwt` by the broker: the newest entry of a user's audit, at that time. [AU4] */
export const AuditHead = v.strictObject({
  v: Version,
  uid: UserId,
  bid: BrokerId,
  seq: Whole,
  ah: Digest,
  rl: Whole,
  iat: Seconds,
});
export type AuditHead = v.InferOutput<typeof AuditHead>;

/** `jc-ok+jwt` by the extension: its user has allowed this role once, for the answer that is sealed to this key. [AS4] */
export const Approval = v.strictObject({
  v: Version,
  uid: UserId,
  did: DeviceId,
  gh: Digest,
  bid: BrokerId,
  /** Digest of the response key `rpk` of the one request that this allows. */
  rh: Digest,
  account: AccountId,
  role: RoleName,
  iat: Seconds,
  exp: Seconds,
});
export type Approval = v.InferOutput<typeof Approval>;
