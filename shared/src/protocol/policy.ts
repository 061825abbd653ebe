import * as v from "valibot";
import { isRegion, type Region } from "../domain/portal.ts";
import type { Mode } from "./modes.ts";

const RoleGlob = v.pipe(v.string(), v.regex(/^[\w+=,.@*-]{1,64}$/));
const AccountPattern = v.pipe(v.string(), v.regex(/^(?:\d{12}|\*)$/));

export const MAX_ALLOW_ENTRIES = 48;

/** From anywhere, where all are empty. Of one kind any entry will do; every kind that has entries must agree. */
export const Networks = v.strictObject({
  /** ISO 3166-1 alpha-2, upper case. */
  countries: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))), v.maxLength(32)),
  /** Numbers of autonomous systems. */
  asns: v.pipe(
    v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(4_294_967_295))),
    v.maxLength(32),
  ),
  /** IPv4 or IPv6 prefixes, as in `192.0.2.0/24`. */
  cidrs: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\da-fA-F.:]{2,39}\/\d{1,3}$/))), v.maxLength(32)),
});
export type Networks = v.InferOutput<typeof Networks>;

export const ANYWHERE: Networks = { countries: [], asns: [], cidrs: [] };

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
  /** Programs without a person at the terminal may ask too; the number then stands in their log. */
  unattended: v.boolean(),
  /** Where requests may come from. A deployed broker sees that; a local one sees the loopback, and passes it over. */
  networks: Networks,
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

/** What the signed policy says of one role. Nothing but the grant decides; neither broker nor network has a say. */
export type Decision =
  | { readonly access: "denied" }
  | {
      readonly access: "allowed";
      /** The one way in which it is served: there is no falling back to the other. [PO2] */
      readonly mode: Mode;
      /** The user is asked each time. */
      readonly asks: boolean;
    };

const DENIED: Decision = { access: "denied" };

/** [PO1] Decide from the signed grant alone. */
export function decide(
  { modes, policy }: { modes: readonly Mode[]; policy: Policy },
  want: { account: string; role: string },
): Decision {
  const allowed = policy.allow.some(
    ({ account, roles }) => (account === "*" || account === want.account) && anyMatches(roles, want.role),
  );
  if (!allowed) return DENIED;
  const sealed = modes.includes("sealed") && !anyMatches(policy.sensitive, want.role);
  if (!sealed && !modes.includes("relay")) return DENIED;
  return {
    access: "allowed",
    mode: sealed ? "sealed" : "relay",
    asks: anyMatches(policy.ask, want.role),
  };
}

/** [PO4] What a grant would open, of the roles its user has, before it is signed. */
export const preview = <R extends { account: string; role: string }>(
  grant: { modes: readonly Mode[]; policy: Policy },
  roles: readonly R[],
): { role: R; decision: Decision }[] => roles.map((role) => ({ role, decision: decide(grant, role) }));
