import { parseRegion } from "@jcfetch/shared/domain/portal";
import { ANYWHERE, MAX_ALLOW_ENTRIES, type Policy } from "@jcfetch/shared/protocol/policy";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { ProblemCode } from "../messaging/problems.ts";
import type { KnownPortal } from "../sessions/portal-session.ts";
import type { Device } from "./device-list.ts";

const ROLES_PER_ENTRY = 32;
/** AWS lets a permission set's sessions last twelve hours at the most. */
const MAX_CREDENTIAL_SECONDS = 43_200;
const MAX_PER_MINUTE = 120;

/** Exactly the roles that were ticked, at the portal they were ticked at: no patterns, nothing more. */
export function policyFor(portal: KnownPortal, roles: Device["roles"]): Result<Policy, ProblemCode> {
  const region = parseRegion(portal.region ?? "");
  if (!region.ok) return err("region-unknown");
  const byAccount = Map.groupBy(roles, ({ account }) => account);
  const allow = [...byAccount].flatMap(([account, list]) =>
    chunks([...new Set(list.map(({ role }) => role))], ROLES_PER_ENTRY).map((names) => ({
      account,
      roles: names,
    })),
  );
  if (allow.length > MAX_ALLOW_ENTRIES) return err("too-many-roles");
  return ok({
    v: 1,
    region: region.value,
    start: portal.startUrl,
    allow,
    ask: [],
    sensitive: [],
    maxCredentialSeconds: MAX_CREDENTIAL_SECONDS,
    maxPerMinute: MAX_PER_MINUTE,
    unattended: false,
    networks: ANYWHERE,
  });
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
