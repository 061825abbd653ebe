import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { MAX_SKEW_SECONDS } from "@jcfetch/shared/protocol/version";
import { type EpochMs, SECOND_MS } from "@jcfetch/shared/time";
import type { Reason } from "../errors.ts";

/**
 * [CR7] Whether credentials may be delivered to a device. AWS counts their life from its own clock, so a role of exactly
 * the longest life allowed may seem to live a little longer here.
 */
export function whyNotDelivered(
  credentials: Pick<RoleCredentials, "expiresAtMs">,
  maxCredentialSeconds: number,
  nowMs: EpochMs,
): Reason | undefined {
  const lifeMs = credentials.expiresAtMs - nowMs;
  if (lifeMs <= 0) return "aws-failed";
  return lifeMs > (maxCredentialSeconds + MAX_SKEW_SECONDS) * SECOND_MS ? "credentials-too-long" : undefined;
}
