/**
 * Every way a call to AWS can fail, for any caller.
 *
 * - `unauthorized`: the token is unknown, over or revoked, or it belongs to another region.
 * - `forbidden`: account or role is not assigned to the user.
 * - `throttled`: too many calls; `retryAfterMs` where AWS said how long.
 * - `not-found`: AWS knows no such resource.
 * - `unreachable`: no answer within the time, or AWS itself failed (5xx). Trying again may help.
 * - `garbage`: an answer that is none of this API: a redirect, a page, too long, a missing field, a refused request.
 */
export type PortalError =
  | { readonly code: "unauthorized" | "forbidden" | "not-found" | "unreachable" | "garbage" }
  | { readonly code: "throttled"; readonly retryAfterMs?: number };

/** How an exchange over the network went: a status, or none that counts. */
export type Outcome =
  | { readonly kind: "status"; readonly status: number; readonly retryAfterMs?: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "garbage" };

/** @source IAM Identity Center portal API; the 403 is not in its model, but AWS sends it for roles not assigned. */
export function portalErrorOf(outcome: Outcome): PortalError {
  if (outcome.kind !== "status") return { code: outcome.kind };
  const { status, retryAfterMs } = outcome;
  if (status === 401) return { code: "unauthorized" };
  if (status === 403) return { code: "forbidden" };
  if (status === 404) return { code: "not-found" };
  if (status === 429) return { code: "throttled", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  return { code: status >= 500 ? "unreachable" : "garbage" };
}
