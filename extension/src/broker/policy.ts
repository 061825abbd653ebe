import { parseRegion } from "@jcfetch/shared/domain/portal";
import type { Mode } from "@jcfetch/shared/protocol/modes";
import { Policy } from "@jcfetch/shared/protocol/policy";
import { err, ok, type Result } from "@jcfetch/shared/result";
import * as v from "valibot";
import type { ProblemCode } from "../messaging/problems.ts";
import type { PairingTerms } from "../messaging/terms.ts";
import type { KnownPortal } from "../sessions/records.ts";

const ROLES_PER_ENTRY = 32;

/** What a grant says, but for whose it is and until when. */
export interface Terms {
  readonly modes: readonly Mode[];
  readonly policy: Policy;
}

/**
 * What was chosen, as it will be signed: the ticked roles at the portal they were ticked at, the rules, and how they are
 * served. Roles that only the browser may serve make sense only beside those that it need not.
 */
export function termsOf(portal: KnownPortal, chosen: PairingTerms): Result<Terms, ProblemCode> {
  const region = parseRegion(portal.region ?? "");
  if (!region.ok) return err("region-unknown");
  const { ask, unattended, maxCredentialSeconds, maxPerMinute, networks } = chosen;
  const policy = v.safeParse(Policy, {
    v: 1,
    region: region.value,
    start: portal.startUrl,
    allow: allowed(chosen),
    ask: [...new Set(ask)],
    sensitive: chosen.mode === "sealed" ? [...new Set(chosen.sensitive)] : [],
    unattended,
    maxCredentialSeconds,
    maxPerMinute,
    networks,
  });
  if (!policy.success) return err("too-many-roles");
  const relayed = policy.output.sensitive.length > 0;
  const modes: Mode[] = chosen.mode === "relay" ? ["relay"] : relayed ? ["sealed", "relay"] : ["sealed"];
  return ok({ modes, policy: policy.output });
}

function allowed({ roles, rules }: PairingTerms): Policy["allow"] {
  const byAccount = Map.groupBy<string, { account: string; role: string }>(
    [...roles, ...rules],
    ({ account }) => account,
  );
  return [...byAccount].flatMap(([account, list]) =>
    chunks([...new Set(list.map(({ role }) => role))], ROLES_PER_ENTRY).map((names) => ({
      account,
      roles: names,
    })),
  );
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
