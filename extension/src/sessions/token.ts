import { digest } from "@jcfetch/shared/crypto/encoding";
import { Secret } from "@jcfetch/shared/secret";
import type { EpochMs } from "@jcfetch/shared/time";

/*
 * The only place that sees the SSO token. It is read from the browser's own cookie store at the moment it is needed and
 * wrapped at once; nothing of ours ever writes it anywhere. [EX1]
 */

/**
 * Both names in use: the newer host-bound one first.
 * @source AWS's portal page sets `x-amz-sso_authn`; `__Host-idc-access-portal-authn` was seen on newer portals.
 */
export const TOKEN_COOKIES = ["__Host-idc-access-portal-authn", "x-amz-sso_authn"] as const;

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  /** Seconds since the epoch; absent for cookies that end with the browser. */
  readonly expirationDate?: number | undefined;
}

/** The part of `browser.cookies` that is needed here. */
export interface CookiesApi {
  getAll(details: { domain?: string; name: string; storeId?: string }): Promise<Cookie[]>;
  getAllCookieStores(): Promise<{ id: string; tabIds: number[] }[]>;
}

export interface PortalToken {
  readonly token: Secret<string>;
  /** Changes when the token does, and tells nothing about it: 96 bits of its hash. */
  readonly mark: string;
  readonly expiresAtMs: EpochMs | null;
}

export interface StoredToken extends PortalToken {
  /** Id of the cookie store that it was found in: a container, a private window. */
  readonly store: string;
}

export interface TokenPlace {
  /** `https://acme.awsapps.com/start` */
  readonly startUrl: string;
  /** Look into this tab's cookie store only. */
  readonly tabId?: number | undefined;
  /** Look into this store, too: Firefox names only those in which a tab is open. */
  readonly also?: string | undefined;
}

const isTokenCookie = (name: string): boolean => (TOKEN_COOKIES as readonly string[]).includes(name);

/** Host of the portal whose session this cookie holds, if it holds one at all. */
export function portalHostOf(cookie: Pick<Cookie, "name" | "domain">): string | undefined {
  return isTokenCookie(cookie.name) ? cookie.domain.replace(/^\./, "") : undefined;
}

/** Private windows of Chromium and Firefox: they are looked into for their own tabs alone. */
export const isPrivate = (store: string): boolean => store === "1" || store === "firefox-private";

/** Hosts of the portals that somebody is signed in at, private windows apart. */
export async function signedInHosts(cookies: CookiesApi): Promise<ReadonlySet<string>> {
  const stores = (await cookies.getAllCookieStores()).filter(({ id }) => !isPrivate(id));
  const asked = stores.flatMap(({ id }) =>
    TOKEN_COOKIES.map((name) => cookies.getAll({ name, storeId: id })),
  );
  const hosts = (await Promise.all(asked)).flat().map(portalHostOf);
  return new Set(hosts.filter((host) => host !== undefined));
}

/** The token in each cookie store, newest first. */
export async function readTokens(cookies: CookiesApi, place: TokenPlace): Promise<StoredToken[]> {
  const url = new URL(place.startUrl);
  const stores = await storesOf(cookies, place);
  const found = await Promise.all(
    stores.map(async (store) => bestOf(await cookiesIn(cookies, store, url), store)),
  );
  const tokens = found.filter((one) => one !== undefined).sort((a, b) => newestFirst(a.cookie, b.cookie));
  return Promise.all(
    tokens.map(async ({ store, cookie }) => {
      const value = decoded(cookie.value);
      const { expirationDate } = cookie;
      return {
        store,
        token: new Secret(value),
        mark: (await digest(`jcfetch/mark|${value}`)).slice(0, 16),
        expiresAtMs: expirationDate === undefined ? null : Math.floor(expirationDate * 1_000),
      };
    }),
  );
}

async function storesOf(cookies: CookiesApi, { tabId, also }: TokenPlace): Promise<string[]> {
  const stores = await cookies.getAllCookieStores();
  if (tabId !== undefined) {
    const own = stores.find(({ tabIds }) => tabIds.includes(tabId));
    // A tab that belongs to none of several must not get somebody else's.
    return own ? [own.id] : stores.length === 1 ? [stores[0]!.id] : [];
  }
  const ids = stores.map(({ id }) => id).filter((id) => !isPrivate(id));
  return also === undefined || ids.includes(also) ? ids : [...ids, also];
}

async function cookiesIn(cookies: CookiesApi, storeId: string, url: URL): Promise<Cookie[]> {
  const asked = TOKEN_COOKIES.map((name) => cookies.getAll({ domain: url.hostname, name, storeId }));
  const found = await Promise.all(asked).catch(() => []); // a container that was removed
  return found.flat().filter((cookie) => belongs(cookie, url));
}

function bestOf(cookies: Cookie[], store: string): { store: string; cookie: Cookie } | undefined {
  const [cookie] = cookies.sort(newestFirst);
  return cookie && { store, cookie };
}

/** `getAll({domain})` also gives sub-domains; and several directories can share a host, told apart by the path. */
function belongs(cookie: Cookie, start: URL): boolean {
  const path = cookie.path.replace(/\/+$/, "");
  const inPath = start.pathname === path || start.pathname.startsWith(`${path}/`);
  return cookie.value !== "" && portalHostOf(cookie) === start.hostname && inPath;
}

const newestFirst = (a: Cookie, b: Cookie): number =>
  (b.expirationDate ?? 0) - (a.expirationDate ?? 0) || b.path.length - a.path.length;

/** The page writes it percent-encoded; a token has nothing to encode, so this changes nothing but a hand-set cookie. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
