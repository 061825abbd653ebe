import { decide } from "@jcfetch/shared/protocol/policy";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { grantedRoles, isPattern } from "../commands/granted.ts";
import type { NewSession } from "../config/own-profile.ts";
import type { WantedRole } from "../config/sync-plan.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";
import { openBrokered } from "./brokered.ts";

/** All roles that profiles can be made for, and where they come from. */
export interface RoleList {
  readonly roles: readonly WantedRole[];
  /** Rows of the grant that stand for many roles: there is no list of those. */
  readonly patterns: readonly string[];
  readonly allows: (role: { readonly account: string; readonly role: string }) => boolean;
  /** Whether accounts may have names. */
  readonly named: boolean;
  /** Of the portal: its alias. */
  readonly portal: string;
  /** What AWS's tools need to sign in there by themselves. */
  readonly session: NewSession;
  /** The session is ours to sign in with; else what was given in pairing counts. */
  readonly own: boolean;
}

/** What this terminal was given in pairing. Asks nobody. @param name of the session for AWS's tools; else the portal's. */
export async function roleList(host: Host, name?: string): Promise<Result<RoleList, Failure>> {
  const device = await openBrokered(host);
  if (!device.ok) return err(device.error);
  const { grant } = device.value;
  const all = grantedRoles(grant);
  const { start: startUrl, region } = grant.policy;
  const portal = portalName(startUrl);
  return ok({
    roles: all.filter((role) => !isPattern(role)),
    patterns: all.filter(isPattern).map(({ account, role }) => `${account}/${role}`),
    allows: (role) => decide(grant, role).access === "allowed",
    ...{ named: false, own: false, portal, session: { name: name ?? portal, startUrl, region } },
  });
}
