import { isRegion } from "@jcfetch/shared/domain/portal";
import { describeRole } from "@jcfetch/shared/domain/role";
import { decide } from "@jcfetch/shared/protocol/policy";
import { DAY_MS, type EpochMs, MINUTE_MS, toMs } from "@jcfetch/shared/time";
import { brokerStatus, startBroker } from "../broker/broker.ts";
import type { Profile } from "../config/profiles.ts";
import { roleCredentials } from "../credentials.ts";
import type { Host } from "../host.ts";
import { isLoopback } from "../net/proxy.ts";
import type { Brokered } from "../sources/brokered.ts";
import { duration } from "../when.ts";
import { type Finding, failed, fine, note, wrong } from "./finding.ts";
import type { KnownPortal } from "./portal.ts";

/* What a terminal that is paired depends on: broker, extension, portal session, and the roles themselves. */

export function portalOfGrant({ grant }: Brokered): KnownPortal | undefined {
  const { start, region } = grant.policy;
  const from = {
    place: "this terminal's grant",
    change: "pair again, the extension now knows the region: jcfetch pair; it is",
  };
  return isRegion(region) ? { startUrl: start, region, from } : undefined;
}

export async function pairedFindings(host: Host, device: Brokered): Promise<readonly Finding[]> {
  const leftMs = toMs(device.grant.exp) - host.now();
  const next = "pair again before that: jcfetch pair";
  const grant =
    leftMs > 3 * DAY_MS
      ? fine("terminal", `paired, ${duration(leftMs)} left`)
      : leftMs > 0
        ? note("terminal", `paired for ${duration(leftMs)} more`, next)
        : wrong("terminal", "the time it was paired for is over", "pair again: jcfetch pair");
  const local = await localBroker(host, device);
  if (local?.state === "wrong") return [grant, local];
  return [
    grant,
    ...(local ? [local] : []),
    ...(await sessionFindings(host, device)),
    await extensionFinding(device),
  ];
}

/** `undefined` for a broker that is not this computer's own. */
async function localBroker(host: Host, { url }: Brokered): Promise<Finding | undefined> {
  if (!isLoopback(new URL(url))) return undefined;
  const looked = await brokerStatus(host);
  if (!looked.ok || looked.value.url !== url) return undefined;
  const { running, build, ownBuild, exposed } = looked.value;
  const start = () => startBroker({ keyring: false }, host);
  const command = "jcfetch broker start";
  if (!running) return wrong("broker", "it does not run", `start it: ${command}`, start);
  if (build !== ownBuild)
    return wrong(
      "broker",
      "another version of it runs than is installed",
      `start it anew: ${command}`,
      start,
    );
  if (exposed.length > 0)
    return wrong("broker", "others of this computer can open what it keeps", `close it: ${command}`, start);
  return undefined;
}

async function sessionFindings(host: Host, device: Brokered): Promise<readonly Finding[]> {
  const { url, grant } = device;
  const isSealed = grant.modes.includes("sealed");
  const session = isSealed ? await device.session() : undefined;
  if (session && !session.ok) {
    const { code } = session.error;
    const check = ["sso-expired", "no-session"].includes(code)
      ? "session"
      : code === "clock-skew"
        ? "clock"
        : "broker";
    const known = code === "broker-unreachable" ? host.trouble() : undefined;
    return [failed(check, known ?? session.error)];
  }
  const answers = fine("broker", `answers at ${url}`);
  return session ? [answers, sessionFinding(session.value.endsAtMs - host.now())] : [answers];
}

const SHORT_MS = 30 * MINUTE_MS;

/**
 * How long a portal session is as a whole, nobody tells; one that ends soon after a sign-in was cut short.
 *
 * @source IAM Identity Center user guide: the session ends with the shorter of its own setting (8 h unless changed) and
 *   SAML's SessionNotOnOrAfter.
 */
export function sessionFinding(leftMs: EpochMs): Finding {
  const left = `the portal session ends in ${duration(leftMs)}`;
  if (leftMs >= SHORT_MS) return fine("session", left);
  return note(
    "session",
    left,
    "if you have just signed in, JumpCloud ends it (SessionNotOnOrAfter of its AWS application): ask your administrator to raise it",
  );
}

async function extensionFinding(device: Brokered): Promise<Finding> {
  const { modes, policy } = device.grant;
  const isNeeded = modes.includes("relay") || policy.ask.length > 0;
  const browser = await device.browser();
  if (!browser.ok)
    return isNeeded
      ? failed("extension", browser.error)
      : note("extension", "whether it is there cannot be told");
  if (browser.value.online) return fine("extension", "is there");
  const what = "no browser with the extension is connected to the broker";
  const next = "open the browser you paired this terminal with; see its extension, Terminals";
  return isNeeded
    ? wrong("extension", what, next)
    : note("extension", `${what}; only roles that ask need one`, next);
}

/** So many are tried: each is a call to AWS. */
const MOST_TRIED = 3;

/** Whether credentials are to be had; roles that ask a person are left alone. */
export async function roleFindings(
  host: Host,
  profiles: readonly Profile[],
  device: Brokered | undefined,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  let tried = 0;
  for (const profile of profiles) {
    const decision = device && profile.session === undefined ? decide(device.grant, profile) : undefined;
    if (decision?.access === "denied") {
      const what = `${profile.name}: this terminal was not given the role ${describeRole(profile)}`;
      found.push(wrong("role", what, "pair again, and tick it: jcfetch pair; or: jcfetch profiles prune"));
    } else if (!(decision?.access === "allowed" && decision.asks) && tried++ < MOST_TRIED) {
      found.push(await tryRole(host, profile));
    }
  }
  return found;
}

async function tryRole(host: Host, profile: Profile): Promise<Finding> {
  const got = await roleCredentials(host, profile);
  if (got.ok) {
    return fine(
      "role",
      `${profile.name}: credentials for ${duration(got.value.credentials.expiresAtMs - host.now())}`,
    );
  }
  const { code, title, next } = got.error;
  if (code !== "role-not-assigned") return wrong("role", `${profile.name}: ${title}`, next);
  return wrong(
    "role",
    `${profile.name}: ${title}`,
    "your administrator assigns it in Identity Center to your JumpCloud group; a new one may take minutes (SCIM). Else: jcfetch profiles prune",
  );
}
