import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import type { ExtensionRefusal } from "@jcfetch/shared/protocol/relay";

/** Why a request was refused. The audit knows the reason; the caller learns only the code below. */
export type Reason =
  | "host-not-listed"
  | "origin-foreign"
  | "origin-not-enrolled"
  | "content-type"
  | "body-too-large"
  | "body-too-slow"
  | "body-malformed"
  | "protocol-version"
  | "grant-wants-newer-version"
  | "path-unknown"
  | "method-not-post"
  | "method-not-get"
  | "box-unreadable"
  | "box-malformed"
  | "epoch-gone"
  | "proof-invalid"
  | "proof-time"
  | "grant-invalid"
  | "grant-over"
  | "mode-not-granted"
  | "role-denied"
  | "role-relay-only"
  | "role-asks"
  | "approval-invalid"
  | "user-unknown"
  | "device-unknown"
  | "device-revoked"
  | "device-left"
  | "device-locked"
  | "device-forked"
  | "devices-too-many"
  | "user-locked"
  | "user-regressed"
  | "counter-spent"
  | "edge-rate"
  | "device-rate"
  | "user-rate"
  | "envelope-invalid"
  | "envelope-too-long"
  | "envelope-superseded"
  | "envelope-missing"
  | "envelope-over"
  | "inner-lock-unreadable"
  | "revocations-superseded"
  | "ticket-refused"
  | "membership-off"
  | "membership-rate"
  | "directory-not-admitted"
  | "aws-session-refused"
  | "aws-role-refused"
  | "aws-throttled"
  | "aws-failed"
  | "credentials-too-long"
  | "mailbox-unknown"
  | "mailbox-taken"
  | "mailbox-slot-written"
  | "mailbox-expired"
  | "mailbox-joined-twice"
  | "mailbox-refused"
  | "mailbox-words"
  | "mailbox-limit"
  | "network-elsewhere"
  | "browser-away"
  | "asks-too-many"
  | "upgrade-missing"
  /** What the extension said to a device that it was asked for. */
  | `extension:${ExtensionRefusal}`
  | "bug";

export interface BrokerError {
  readonly reason: Reason;
  readonly retryAfterSeconds?: number;
}

export const refusal = (reason: Reason, retryAfterSeconds?: number): { ok: false; error: BrokerError } => ({
  ok: false,
  error: retryAfterSeconds === undefined ? { reason } : { reason, retryAfterSeconds },
});

const EXTENSION = "extension:";

const isExtensions = (reason: Reason): reason is `extension:${ExtensionRefusal}` =>
  reason.startsWith(EXTENSION);

/** Many reasons, few codes. A new reason does not compile until it has its place here. */
export function toWire(reason: Reason): WireErrorCode {
  if (isExtensions(reason)) return reason.slice(EXTENSION.length) as ExtensionRefusal;
  switch (reason) {
    case "host-not-listed":
      return "host";
    case "origin-foreign":
    case "origin-not-enrolled":
      return "origin";
    case "content-type":
      return "type";
    case "body-too-large":
      return "too-large";
    case "body-too-slow":
    case "body-malformed":
    case "box-malformed":
    case "upgrade-missing":
    case "envelope-too-long":
    case "mailbox-taken":
    case "mailbox-slot-written":
      return "bad-request";
    case "protocol-version":
    case "grant-wants-newer-version":
      return "version";
    case "path-unknown":
      return "not-found";
    case "method-not-post":
    case "method-not-get":
      return "method";
    case "epoch-gone":
      return "epoch-unknown";
    // [PF6] One answer for all of these, so that nobody learns who is known here.
    case "box-unreadable":
    case "proof-invalid":
    case "grant-invalid":
    case "envelope-invalid":
    case "user-unknown":
    case "device-unknown":
      return "unknown";
    case "proof-time":
      return "clock-skew";
    case "grant-over":
      return "grant-expired";
    case "mode-not-granted":
    case "role-denied":
    case "role-relay-only":
      return "policy";
    case "role-asks":
    case "approval-invalid":
      return "needs-approval";
    case "device-revoked":
    case "device-left":
      return "revoked";
    case "user-locked":
    case "device-locked":
      return "locked";
    case "device-forked":
      return "fork";
    case "user-regressed":
      return "state-regressed";
    case "devices-too-many":
      return "device-limit";
    case "counter-spent":
      return "replay";
    case "edge-rate":
    case "device-rate":
    case "user-rate":
    case "asks-too-many":
    case "membership-rate":
      return "rate";
    case "envelope-superseded":
    case "revocations-superseded":
    case "inner-lock-unreadable":
      return "envelope-stale";
    case "envelope-missing":
      return "no-session";
    case "envelope-over":
    case "aws-session-refused":
      return "sso-expired";
    case "ticket-refused":
      return "enrolment-refused";
    case "membership-off":
    case "directory-not-admitted":
      return "not-a-member";
    case "aws-role-refused":
      return "role-not-assigned";
    case "aws-throttled":
      return "upstream-throttled";
    case "aws-failed":
      return "upstream";
    case "credentials-too-long":
      return "credential-too-long";
    case "network-elsewhere":
      return "network";
    case "browser-away":
      return "browser-offline";
    case "mailbox-unknown":
      return "pairing-unknown";
    case "mailbox-expired":
      return "pairing-expired";
    case "mailbox-joined-twice":
      return "pairing-joined";
    case "mailbox-refused":
      return "pairing-refused";
    case "mailbox-words":
      return "pairing-words";
    case "mailbox-limit":
      return "pairing-limit";
    case "bug":
      return "internal";
  }
}
