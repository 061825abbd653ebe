import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import type { DeviceId, UserId } from "@jcfetch/shared/domain/ids";
import type { AuditPlace } from "@jcfetch/shared/protocol/audit";
import type { ExtensionProof, Grant, Proof } from "@jcfetch/shared/protocol/documents";
import { verifyExtensionProof, verifyGrant, verifyProof } from "@jcfetch/shared/protocol/verify";
import { MAX_SKEW_SECONDS } from "@jcfetch/shared/protocol/version";
import { ok, type Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";
import { type EpochSeconds, toSeconds } from "@jcfetch/shared/time";
import type { Call } from "../bind.ts";
import { whyGrantFails } from "../broker/grant-check.ts";
import type { BrokerIdentity } from "../broker/identity.ts";
import { isMember, readJoinState } from "../broker/marks.ts";
import { isNetworkAllowed } from "../broker/networks.ts";
import type { Config } from "../env.ts";
import { type BrokerError, type Reason, refusal } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { EDGE_PERIOD_SECONDS, type EdgeLimits, isWithinLimit } from "./edge-limit.ts";

/** An extension whose signature over this request is good. Whether it is enrolled is for its vault to say. */
export interface ExtensionCall {
  readonly uid: UserId;
  readonly Esig: string;
  readonly counter: number;
  readonly origin: string | null;
}

/** A device whose grant and signature are good. Whether it may still ask is for its user's vault to say. */
export interface DeviceCall {
  readonly uid: UserId;
  readonly did: DeviceId;
  readonly gh: string;
  readonly counter: number;
  readonly origin: string | null;
  readonly maxPerMinute: number;
  /** Join state that it presents; `undefined` when this broker never gave it that one. [JS1] */
  readonly joined: number | undefined;
  /** Newest entry of the audit that it has seen; `undefined` before the first. */
  readonly seen: AuditPlace | undefined;
}

export interface ProofDeps extends Pick<Ports, "now">, Pick<Config, "local"> {
  readonly edge: EdgeLimits;
  readonly identity: BrokerIdentity;
  readonly enrolmentKey: Secret<Uint8Array>;
}

/** Longer than any proof can be; what is longer is not worth a parse. */
const MAX_PROOF_CHARS = 4_096;

/** [PF2] [EN5] Stateless: costs the sender a signature and us no storage. */
export async function proveExtension(
  call: Call,
  deps: ProofDeps,
): Promise<Result<ExtensionCall, BrokerError>> {
  const proved = await proveNewcomer(call, deps);
  if (!proved.ok) return proved;
  const { uid, member } = proved.value;
  if (!(await isMember(deps.enrolmentKey, uid, member))) return refusal("user-unknown");
  return (await isWithinLimit(deps.edge.user, uid)) ? proved : refusal("edge-rate", EDGE_PERIOD_SECONDS);
}

/** An extension that has yet to enrol: its signature is good, and that is all. */
export async function proveNewcomer(
  call: Call,
  { identity, now }: ProofDeps,
): Promise<Result<ExtensionCall & { member: string | undefined }, BrokerError>> {
  const proof = isWorthParsing(call.proof) ? await verifyExtensionProof(call.proof) : undefined;
  // A socket's request has no header of ours in which its sender could say its name once more.
  if (!proof || (proof.uid !== call.user && call.method !== "GET")) return refusal("proof-invalid");
  const reason = whyProofFails(proof, call, identity.bid, toSeconds(now()));
  if (reason) return refusal(reason);
  const { uid, Esig, ctr: counter, member } = proof;
  return ok({ uid, Esig, counter, member, origin: call.origin ?? null });
}

export interface ProvedDevice {
  readonly call: DeviceCall;
  readonly grant: Grant;
}

/** [PF1] The grant first, since it names the key; then the proof with that key. */
export async function proveDevice(
  call: Call,
  grantJws: string,
  { identity, enrolmentKey, edge, now, local }: ProofDeps,
): Promise<Result<ProvedDevice, BrokerError>> {
  const verified = await verifyGrant(grantJws);
  if (!verified || !(await importPublicKey("agree", verified.grant.Dkem))) return refusal("grant-invalid");
  const { grant, gh } = verified;
  if (!(await isMember(enrolmentKey, grant.uid, grant.member))) return refusal("user-unknown");
  const nowSeconds = toSeconds(now());
  const grantFault = whyGrantFails(grant, { bid: identity.bid, uid: call.user, now: nowSeconds });
  if (grantFault) return refusal(grantFault);

  const proof = isWorthParsing(call.proof) ? await verifyProof(call.proof, grant.Dsig) : undefined;
  if (!proof || proof.gh !== gh) return refusal("proof-invalid");
  const reason = whyProofFails(proof, call, identity.bid, nowSeconds);
  if (reason) return refusal(reason);
  const { uid, did, policy } = grant;
  if (!(await isWithinLimit(edge.user, uid))) return refusal("edge-rate", EDGE_PERIOD_SECONDS);
  // No platform stands before a local broker: what looks like its headers, the client has written.
  if (!local && !isNetworkAllowed(policy.networks, call.place)) return refusal("network-elsewhere");
  return ok({
    grant,
    call: {
      uid,
      did,
      gh,
      counter: proof.ctr,
      origin: call.origin ?? null,
      maxPerMinute: policy.maxPerMinute,
      joined: await readJoinState(enrolmentKey, did, proof.n),
      seen: proof.ah === null ? undefined : { seq: proof.seq, ah: proof.ah },
    },
  });
}

const isWorthParsing = (proof: string | undefined): proof is string =>
  proof !== undefined && proof.length <= MAX_PROOF_CHARS;

/** [PF3] Time last: only who holds the key learns that its clock is wrong. */
function whyProofFails(
  proof: Pick<Proof | ExtensionProof, "htm" | "p" | "bid" | "bd" | "iat">,
  call: Call,
  bid: string,
  now: EpochSeconds,
): Reason | undefined {
  if (proof.htm !== call.method || proof.p !== call.path || proof.bid !== bid || proof.bd !== call.bodyDigest)
    return "proof-invalid";
  return Math.abs(now - proof.iat) <= MAX_SKEW_SECONDS ? undefined : "proof-time";
}
