import { isRegion, portalApiHost, type Region } from "@jcfetch/shared/domain/portal";
import { MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import type { Host } from "../host.ts";
import { beginningOf } from "../net/page.ts";
import { portalName } from "../portal-name.ts";
import { duration } from "../when.ts";
import { type Finding, failed, fine, note, wrong } from "./finding.ts";

/** A portal that this terminal depends on, as it is configured. */
export interface KnownPortal {
  readonly startUrl: string;
  readonly region: Region;
  /** Where the region stands, and how it is changed. */
  readonly from: { readonly place: string; readonly change: string };
}

const WITHIN_MS = 8 * SECOND_MS;
const MOST_BYTES = 200_000;

interface Page {
  readonly text: string;
  readonly location: URL | undefined;
  /** The server's own clock. */
  readonly atMs: number;
}

/** Like a browser that comes for the first time: nothing is sent along. */
async function get({ fetch }: Pick<Host, "fetch">, url: URL): Promise<Page> {
  const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(WITHIN_MS) });
  const text = await beginningOf(answer, MOST_BYTES);
  const to = answer.headers.get("location");
  const location = to !== null && URL.canParse(to, url) ? new URL(to, url) : undefined;
  return { text, location, atMs: Date.parse(answer.headers.get("date") ?? "") };
}

/** Whether the portal is there, where it is at home, and who signs people in. */
export async function portalFindings(host: Host, portal: KnownPortal): Promise<readonly Finding[]> {
  const url = new URL(portal.startUrl);
  try {
    const askedMs = host.now();
    let page = await get(host, url);
    // To another spelling of itself.
    if (page.location?.host === url.host) page = await get(host, page.location);
    return [
      clockFinding(page.atMs, askedMs, host.now()),
      fine("portal", `${portalName(portal.startUrl)} answers at ${url.host}`),
      regionFinding(page.text, portal),
      await providerFinding(host, portal),
    ];
  } catch {
    const known = host.trouble();
    if (known) return [failed("portal", known)];
    const next = "check the start URL and this computer's network: jcfetch help network";
    return [wrong("portal", `nothing answers at ${url.host}`, next)];
  }
}

/** Less than what a broker's proof allows [PF3]. */
const CLOCK_MS = MINUTE_MS;

/** @param serverMs whole seconds, or NaN. */
export function clockFinding(serverMs: number, askedMs: number, answeredMs: number): Finding {
  if (!Number.isFinite(serverMs)) return note("clock", "the portal does not tell the time");
  const behind = serverMs - answeredMs;
  const ahead = askedMs - serverMs - SECOND_MS;
  if (behind <= CLOCK_MS && ahead <= CLOCK_MS) return fine("clock", "this computer's clock is right");
  const off = behind > 0 ? `${duration(behind)} behind` : `${duration(ahead)} ahead`;
  return wrong(
    "clock",
    `this computer's clock is ${off}`,
    "have it set by itself: sudo timedatectl set-ntp true",
  );
}

/** Regions that a portal's page names, in its settings or in the addresses it uses. */
export function regionsIn(page: string): readonly Region[] {
  const named = [
    /<meta name="region" content="([a-z0-9-]+)"/g,
    /"region"\s*:\s*"([a-z0-9-]+)"/g,
    /\b(?:portal\.sso|oidc|assets\.sso-portal)\.([a-z0-9-]+)\./g,
  ].flatMap((pattern) => [...page.matchAll(pattern)].map(([, region = ""]) => region));
  return [...new Set(named)].filter(isRegion);
}

export function regionFinding(page: string, { region, from }: KnownPortal): Finding {
  const found = regionsIn(page);
  if (found.includes(region)) return fine("region", `${region}, as ${from.place} says`);
  const [other] = found;
  if (other === undefined)
    return note("region", `the portal does not tell its region; ${from.place} says ${region}`);
  return wrong(
    "region",
    `the portal is in ${other}, but ${from.place} says ${region}`,
    `${from.change} ${other}`,
  );
}

/** Whom the portal sends people to. Nothing is sent to them. */
async function providerFinding(host: Host, portal: KnownPortal): Promise<Finding> {
  const unknown = note(
    "JumpCloud",
    "who signs people in at the portal cannot be told from here",
    `open ${portal.startUrl} in a new private window: it should lead to JumpCloud`,
  );
  try {
    const begin = new URL(`https://${portalApiHost(portal.region)}/login`);
    begin.searchParams.set("directory_id", portalName(portal.startUrl));
    begin.searchParams.set("redirect_url", portal.startUrl);
    const { redirectUrl } = JSON.parse((await get(host, begin)).text) as { redirectUrl?: unknown };
    if (typeof redirectUrl !== "string" || !URL.canParse(redirectUrl)) return unknown;
    const service = new URL(redirectUrl);
    if (service.protocol !== "https:" || !/\.signin\.aws$/.test(service.hostname)) return unknown;
    const to = (await get(host, service)).location;
    if (to === undefined || /\.(?:aws|amazonaws\.com|awsapps\.com)$/.test(to.hostname)) return unknown;
    if (/(?:^|\.)jumpcloud\.com$/.test(to.hostname))
      return fine("JumpCloud", "the portal signs people in there");
    const where = to.hostname.replaceAll(/\p{C}/gu, "?");
    return note("JumpCloud", `the portal signs people in at ${where}, not at JumpCloud`);
  } catch {
    return unknown; // AWS's own page for it, which only a browser can follow
  }
}
