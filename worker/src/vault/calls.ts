import type { Sealed } from "@jcfetch/shared/crypto/seal";
import type { AccountId, DeviceId, RoleName } from "@jcfetch/shared/domain/ids";
import type { Region } from "@jcfetch/shared/domain/portal";
import type { AuditEntry, AuditPlace } from "@jcfetch/shared/protocol/audit";
import type { Envelope } from "@jcfetch/shared/protocol/documents";
import type { devices, presence, takeEnvelope } from "@jcfetch/shared/protocol/endpoints";
import type { Result } from "@jcfetch/shared/result";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type * as v from "valibot";
import type { EnrolledBy } from "../audit.ts";
import type { BrokerError } from "../errors.ts";
import type { DeviceCall, ExtensionCall } from "../middleware/proof.ts";
import type { Forwarded, Replies } from "./relay.ts";
import type { RevocationList } from "./store.ts";

export type Answer<T> = Promise<Result<T, BrokerError>>;
export type Done = Answer<{ ok: true }>;
type Response<E extends { response: v.GenericSchema }> = v.InferOutput<E["response"]>;

/** An envelope at rest: the signed text and the outer lock, which the broker cannot open. */
export interface StoredEnvelope {
  readonly did: DeviceId;
  readonly gh: string;
  readonly seq: number;
  readonly exp: EpochSeconds;
  readonly jws: string;
  readonly outer: Sealed;
}

/** What is kept of a grant: which device, which text, until when. */
export interface RegisteredGrant {
  readonly did: DeviceId;
  readonly gh: string;
  readonly exp: EpochSeconds;
}

/** An envelope as a device presents it: verified, and down to the lock that is the broker's. */
export type PresentedEnvelope = Envelope & { readonly inner: Sealed };

/** One verified and allowed request for role credentials. */
export interface CredentialOrder {
  readonly account: AccountId;
  readonly role: RoleName;
  readonly region: Region;
  readonly maxCredentialSeconds: number;
  readonly envelope: PresentedEnvelope;
  readonly answerTo: { readonly rpk: string; readonly bodyDigest: string };
}

/** Where a device and the audit stand when an answer leaves; the edge signs it. [JS4] */
export interface Standing {
  /** Counter of the join state that the device presents next. */
  readonly joined: number;
  readonly place: AuditPlace;
  readonly rl: number;
}

/** A page of the audit, and where its chain ends now. */
export interface AuditExcerpt {
  readonly from: AuditPlace;
  readonly entries: readonly AuditEntry[];
  readonly head: AuditPlace;
  readonly rl: number;
}

/** What the edge asks of a user's vault. Signatures have been checked; the vault knows users, counters and envelopes. */
export interface VaultCalls {
  /** @param how in the audit: by a code, or as a member of which directory. */
  enrol(call: ExtensionCall, how: EnrolledBy): Done;
  /** Is this an enrolled extension, and is its proof fresh? */
  admit(call: ExtensionCall): Done;
  /** The same, and one more pairing of this hour. */
  admitPairing(call: ExtensionCall): Done;
  depositGrant(call: ExtensionCall, grant: RegisteredGrant): Done;
  depositEnvelope(call: ExtensionCall, envelope: StoredEnvelope): Done;
  dropEnvelopes(call: ExtensionCall): Done;
  revoke(call: ExtensionCall, list: RevocationList): Done;
  devices(call: ExtensionCall): Answer<Response<typeof devices>>;
  takeEnvelope(call: DeviceCall): Answer<Response<typeof takeEnvelope>>;
  credentials(
    call: DeviceCall,
    order: CredentialOrder,
  ): Answer<{ box: Sealed; signature: string; standing: Standing }>;
  relay(call: DeviceCall, forwarded: Forwarded): Answer<Replies["relay"] & { standing: Standing }>;
  approval(call: DeviceCall, forwarded: Forwarded): Answer<Replies["approval"]>;
  presence(call: DeviceCall): Answer<Response<typeof presence>>;
  readAudit(call: DeviceCall, after: number, limit: number): Answer<AuditExcerpt>;
  readActivity(call: ExtensionCall, after: number, limit: number): Answer<AuditExcerpt>;
  leave(call: DeviceCall): Done;
}
