import { setTimeout } from "node:timers/promises";
import { decide } from "@jcfetch/shared/protocol/policy";
import { ok, type Result } from "@jcfetch/shared/result";
import { grantedRoles, isPattern } from "../commands/granted.ts";
import type { NewSession } from "../config/own-profile.ts";
import { checkpointFile } from "../config/portal-checkpoint.ts";
import { findSession, type SsoSession, sessionNames } from "../config/sessions.ts";
import type { WantedRole } from "../config/sync-plan.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { portalName } from "../portal-name.ts";
import { duration } from "../when.ts";
import { type Brokered, openBrokered } from "./brokered.ts";
import { directFor } from "./direct.ts";
import { type Progress, readPortalRoles } from "./portal-roles.ts";
import { sessionWithoutPairing } from "./unpaired.ts";

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

/**
 * The roles of a portal that this terminal signs in at by itself, or those that it was given in pairing.
 *
 * @param name of a session of the file; or what AWS's tools shall call the portal of the pairing.
 */
export async function roleList(host: Host, name: string | undefined): Promise<Result<RoleList, Failure>> {
  const device = await openBrokered(host);
  const direct = await directSession(name, device, host);
  if (!direct.ok) return direct;
  if (direct.value) return portalList(direct.value, host);
  return device.ok ? ok(grantedList(device.value, name)) : device;
}

/**
 * The session to sign in with, where it is not the pairing that counts: one that was named, unless it is the very portal of the
 * pairing; without a pairing, the only one there is.
 *
 * @errors those of both; `not-paired` where there are several to choose from.
 */
export async function directSession(
  name: string | undefined,
  device: Result<Brokered, Failure>,
  host: Host,
): Promise<Result<SsoSession | undefined, Failure>> {
  const names = await sessionNames(host);
  if (!names.ok) return names;
  if (name === undefined) {
    return device.ok || device.error.code !== "not-paired" ? ok(undefined) : sessionWithoutPairing(host);
  }
  if (!names.value.includes(name)) return device.ok ? ok(undefined) : findSession(host, name);
  const session = await findSession(host, name);
  if (!session.ok || !device.ok) return session;
  return ok(session.value.startUrl === device.value.grant.policy.start ? undefined : session.value);
}

/** What this terminal was given in pairing. Asks nobody. */
function grantedList({ grant }: Brokered, name: string | undefined): RoleList {
  const all = grantedRoles(grant);
  const { start: startUrl, region } = grant.policy;
  const portal = portalName(startUrl);
  return {
    roles: all.filter((role) => !isPattern(role)),
    patterns: all.filter(isPattern).map(({ account, role }) => `${account}/${role}`),
    allows: (role) => decide(grant, role).access === "allowed",
    ...{ named: false, own: false, portal, session: { name: name ?? portal, startUrl, region } },
  };
}

async function portalList(session: SsoSession, host: Host): Promise<Result<RoleList, Failure>> {
  const direct = await directFor(host, session);
  if (!direct.ok) return direct;
  const { lists, ask: withToken } = direct.value;
  const { load, save } = checkpointFile(host, `${session.startUrl} ${session.name}`);
  const roles = await readPortalRoles({
    ...{ lists, withToken, load, save, now: host.now, random: Math.random },
    wait: (ms) => setTimeout(ms),
    progress: teller(host),
  });
  if (!roles.ok) return roles;
  const all = new Set(roles.value.map(({ account, role }) => `${account}/${role}`));
  return ok({
    ...{ roles: roles.value, patterns: [], named: true, own: true, session },
    allows: ({ account, role }) => all.has(`${account}/${role}`),
    portal: portalName(session.startUrl),
  });
}

/** Accounts between two lines, where no line can take the place of another. */
const TELL_EVERY = 100;

/** [CL6] What takes a while, and how long still. */
function teller({ io }: Host): (progress: Progress) => void {
  let toldAt: number | undefined;
  return ({ done, total, perSecond, leftMs }) => {
    const left = duration(leftMs);
    if (done === total) io.progress("");
    else if (io.stderrIsTerminal) {
      io.progress(`reading roles: ${done} of ${total} accounts · ${perSecond.toFixed(0)}/s · ${left} left`);
    } else if (toldAt === undefined || done >= toldAt + TELL_EVERY) {
      toldAt = done;
      io.note(`reading roles: ${done} of ${total} accounts, about ${left} left`);
    }
  };
}
