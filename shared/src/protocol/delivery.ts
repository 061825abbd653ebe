import { type EpochMs, SECOND_MS } from "../time.ts";
import { MAX_SKEW_SECONDS } from "./version.ts";

/**
 * [CR7] Whether credentials may be delivered to a device. AWS counts their life from its own clock, so a role of exactly
 * the longest life allowed may seem to live a little longer here.
 */
export function deliveryFault(
  { expiresAtMs }: { readonly expiresAtMs: EpochMs },
  maxCredentialSeconds: number,
  nowMs: EpochMs,
): "over" | "too-long" | undefined {
  const lifeMs = expiresAtMs - nowMs;
  if (lifeMs <= 0) return "over";
  return lifeMs > (maxCredentialSeconds + MAX_SKEW_SECONDS) * SECOND_MS ? "too-long" : undefined;
}
