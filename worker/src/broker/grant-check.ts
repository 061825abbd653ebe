import type { Approval, Grant } from "@jcfetch/shared/protocol/documents";
import { decide } from "@jcfetch/shared/protocol/policy";
import { ASK_SECONDS, MAX_SKEW_SECONDS, PROTOCOL_VERSION } from "@jcfetch/shared/protocol/version";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { Reason } from "../errors.ts";

/** What is wrong with a grant whose signature and ids are good. */
export function whyGrantFails(
  grant: Grant,
  at: { bid: string; uid: string | undefined; now: EpochSeconds },
): Reason | undefined {
  if (grant.bid !== at.bid || grant.uid !== at.uid) return "grant-invalid";
  if (grant.minv > PROTOCOL_VERSION) return "grant-wants-newer-version";
  return grant.exp <= at.now ? "grant-over" : undefined;
}

/** [PO1] [PO2] [AS4] What the signed policy says to a request for credentials in sealed mode. */
export function whyPolicyRefuses(
  grant: Grant,
  want: { account: string; role: string; approval: string | null },
): Reason | undefined {
  const decision = decide(grant, want);
  if (decision.access === "denied") return "role-denied";
  if (decision.mode !== "sealed") return "role-relay-only";
  return decision.asks && want.approval === null ? "role-asks" : undefined;
}

/** [AS4] Whether an approval whose signature is good is the one for this request. */
export function whyApprovalFails(
  approval: Approval,
  of: Pick<Approval, "uid" | "did" | "gh" | "bid" | "rh" | "account" | "role">,
  now: EpochSeconds,
): Reason | undefined {
  const { uid, did, gh, bid, rh, account, role, iat, exp } = approval;
  const isOther = uid !== of.uid || did !== of.did || gh !== of.gh || bid !== of.bid;
  if (isOther || rh !== of.rh || account !== of.account || role !== of.role) return "approval-invalid";
  const isLong = exp - iat > ASK_SECONDS || iat > now + MAX_SKEW_SECONDS;
  return isLong || exp <= now - MAX_SKEW_SECONDS ? "approval-invalid" : undefined;
}
