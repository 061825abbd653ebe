import type { Grant } from "@jcfetch/shared/protocol/documents";
import type { Mode } from "@jcfetch/shared/protocol/modes";
import { decide } from "@jcfetch/shared/protocol/policy";
import { PROTOCOL_VERSION } from "@jcfetch/shared/protocol/version";
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

/** [PO1] [PO2] What the signed policy says to a request. Relay mode and asking have their places; nothing serves them yet. */
export function whyPolicyRefuses(
  grant: Grant,
  want: { account: string; role: string; mode: Mode },
): Reason | undefined {
  if (want.mode !== "sealed" || !grant.modes.includes("sealed")) return "mode-not-granted";
  switch (decide(grant.policy, want)) {
    case "allow":
      return undefined;
    case "deny":
      return "role-denied";
    case "ask":
      return "role-asks";
    case "relay-only":
      return "role-relay-only";
  }
}
