import { isRegion, parsePortalUrl, type Region } from "@jcfetch/shared/domain/portal";
import { SECOND_MS } from "@jcfetch/shared/time";
import { beginningOf } from "../net/page.ts";

const WITHIN_MS = 5 * SECOND_MS;
/** The page that AWS serves has some ten kilobytes. */
const MOST_BYTES = 512 * 1024;

const IN_HOST = /\/\/(?:portal\.sso|assets\.sso-portal|oidc|log\.sso-portal)\.([a-z0-9-]+)\.amazonaws\./g;

/**
 * Where the portal's own page says that it is, best source first: its environment block, the region of old pages, hosts that
 * it loads from. Only a region of the table comes out of it, and AWS is asked there before anything relies on it.
 */
export function regionInPage(html: string): Region | undefined {
  const named = [
    /<script[^>]*\bid="env"[^>]*>[^<]*?"region"\s*:\s*"([a-z0-9-]+)"/.exec(html)?.[1],
    /<meta[^>]*\bname="region"[^>]*\bcontent="([a-z0-9-]+)"/.exec(html)?.[1],
    ...[...html.matchAll(IN_HOST)].map(([, region]) => region),
  ];
  return named.find((text): text is Region => text !== undefined && isRegion(text));
}

/** @returns `undefined` when the page cannot be had or does not tell: then the person is asked. */
export async function findRegion(
  startUrl: string,
  fetch: typeof globalThis.fetch,
): Promise<Region | undefined> {
  const portal = parsePortalUrl(startUrl);
  if (portal.ok && portal.value.region !== undefined) return portal.value.region;
  try {
    const answer = await fetch(startUrl, { signal: AbortSignal.timeout(WITHIN_MS) });
    // Led away, as to an identity provider, the page is not the portal's.
    if (new URL(answer.url || startUrl).hostname !== new URL(startUrl).hostname) return undefined;
    return regionInPage(await beginningOf(answer, MOST_BYTES));
  } catch {
    return undefined;
  }
}
