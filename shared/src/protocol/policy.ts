import * as v from "valibot";
import { isRegion, type Region } from "../domain/portal.ts";

const RoleGlob = v.pipe(v.string(), v.regex(/^[\w+=,.@*-]{1,64}$/));
const AccountPattern = v.pipe(v.string(), v.regex(/^(?:\d{12}|\*)$/));

export const MAX_ALLOW_ENTRIES = 48;

/** What a grant lets a device ask for. Deny by default: an empty `allow` allows nothing. */
export const Policy = v.strictObject({
  v: v.literal(1),
  region: v.custom<Region>((value) => typeof value === "string" && isRegion(value)),
  /** Start URL of the portal the roles belong to. */
  start: v.pipe(v.string(), v.startsWith("https://"), v.maxLength(256)),
  allow: v.pipe(
    v.array(
      v.strictObject({
        account: AccountPattern,
        roles: v.pipe(v.array(RoleGlob), v.minLength(1), v.maxLength(32)),
      }),
    ),
    v.maxLength(MAX_ALLOW_ENTRIES),
  ),
  /** Roles that wait for the user each time. */
  ask: v.pipe(v.array(RoleGlob), v.maxLength(16)),
  /** Roles that are served in relay mode only. */
  sensitive: v.pipe(v.array(RoleGlob), v.maxLength(16)),
  /** Credentials that live longer are not delivered. AWS takes no duration, so this cannot shorten them. */
  maxCredentialSeconds: v.pipe(v.number(), v.safeInteger(), v.minValue(900), v.maxValue(43_200)),
  maxPerMinute: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(600)),
});
export type Policy = v.InferOutput<typeof Policy>;

/** `*` stands for any run of characters; nothing else is special. Linear: no backtracking over hostile patterns. */
export function globMatches(glob: string, text: string): boolean {
  const parts = glob.split("*");
  if (parts.length === 1) return glob === text;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}

const anyMatches = (globs: readonly string[], role: string): boolean =>
  globs.some((glob) => globMatches(glob, role));

export type PolicyDecision = "allow" | "deny" | "ask" | "relay-only";

/** [PO1] Decide from the signed policy alone. */
export function decide(policy: Policy, want: { account: string; role: string }): PolicyDecision {
  const allowed = policy.allow.some(
    ({ account, roles }) => (account === "*" || account === want.account) && anyMatches(roles, want.role),
  );
  if (!allowed) return "deny";
  if (anyMatches(policy.sensitive, want.role)) return "relay-only";
  return anyMatches(policy.ask, want.role) ? "ask" : "allow";
}
