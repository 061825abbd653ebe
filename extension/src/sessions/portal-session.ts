import { type Portal, parsePortalUrl, type Region } from "@jcfetch/shared/domain/portal";
import { err, type Result } from "@jcfetch/shared/result";
import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { ProblemCode } from "../messaging/problems.ts";
import { type Access, accessOf } from "./access.ts";
import { confirm } from "./confirm.ts";
import { Pages, type TabsAt } from "./pages.ts";
import { KnownPortal, NO_SESSION, type PageReport, Session } from "./records.ts";
import type { RegionSources } from "./region.ts";
import { queue, type Slot, type Storage, slot } from "./slot.ts";
import {
  type CookiesApi,
  isPrivate,
  type PortalToken,
  portalHostOf,
  readTokens,
  type StoredToken,
  signedInHosts,
} from "./token.ts";
import { isOf, ownToken, PortalUsers } from "./users.ts";

export interface SessionPorts {
  readonly cookies: CookiesApi;
  readonly storage: Storage;
  readonly tabs: TabsAt;
  readonly fetch: typeof fetch;
  readonly now: Clock;
  /** [MP2] Whether the company's policy lets this portal be used. */
  readonly allows: (portal: { readonly startUrl: string }) => Promise<boolean>;
}

export type SessionListener = (origin: string, now: Session, before: Session) => void;

/** The access portals of this browser and the sessions at them. */
export class PortalSessions {
  readonly #ports: SessionPorts;
  readonly #portals: Slot<Record<string, KnownPortal>>;
  readonly #sessions: Slot<Record<string, Session>>;
  readonly #pages: Pages;
  readonly #hints: Slot<Record<string, string[]>>;
  readonly #discovered: Slot<boolean>;
  readonly #users: PortalUsers;
  /** One look at a portal at a time; portals do not wait for each other. */
  readonly #queues = new Map<string, ReturnType<typeof queue>>();
  readonly #listeners: SessionListener[] = [];

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#portals = slot(ports.storage.local, "portals", v.record(v.string(), KnownPortal), {});
    this.#sessions = slot(ports.storage.session, "sessions", v.record(v.string(), Session), {});
    this.#users = new PortalUsers(ports, (portal, token) => this.#confirm(portal, token));
    this.#discovered = slot(ports.storage.session, "discovered", v.boolean(), false);
    this.#hints = slot(ports.storage.session, "region-hints", v.record(v.string(), v.array(v.string())), {});
    this.#pages = new Pages(ports.storage, ports.tabs);
  }

  onChange(listener: SessionListener): void {
    this.#listeners.push(listener);
  }

  async portals(): Promise<KnownPortal[]> {
    const all = await Promise.all(Object.keys(await this.#portals.get()).map((at) => this.portal(at)));
    const known = all.filter((portal) => portal !== undefined);
    return known.sort((a, b) => b.lastUsedAtMs - a.lastUsedAtMs || a.origin.localeCompare(b.origin));
  }

  async portal(origin: string): Promise<KnownPortal | undefined> {
    const known = (await this.#portals.get())[origin];
    return known && (await this.#ports.allows(known)) ? known : undefined;
  }

  async session(origin: string): Promise<Session> {
    return (await this.#sessions.get())[origin] ?? NO_SESSION;
  }

  /** What the portal's page is, as far as one is open. */
  page(origin: string): Promise<PageReport | null> {
    return this.#pages.of(origin);
  }

  /** Remember a portal that was seen or named. A start URL under a shared host replaces the one before it. */
  async learn(portal: Portal, enteredRegion?: Region): Promise<void> {
    if (!(await this.#ports.allows(portal))) return;
    await this.#portals.update((all) => {
      const known = all[portal.origin];
      const sameDirectory = known?.startUrl === portal.startUrl;
      return {
        ...all,
        [portal.origin]: {
          origin: portal.origin,
          startUrl: portal.startUrl,
          name: portal.name,
          region: sameDirectory ? known.region : null,
          enteredRegion: enteredRegion ?? (sameDirectory ? known.enteredRegion : null),
          lastUsedAtMs: sameDirectory ? known.lastUsedAtMs : this.#ports.now(),
        },
      };
    });
  }

  async forget(origin: string): Promise<void> {
    await this.#portals.update(({ [origin]: _gone, ...rest }) => rest);
    await this.#sessions.update(({ [origin]: _gone, ...rest }) => rest);
    await this.#users.forget(origin);
  }

  async used(origin: string): Promise<void> {
    const now = this.#ports.now();
    await this.#portals.update((all) => {
      const known = all[origin];
      return known ? { ...all, [origin]: { ...known, lastUsedAtMs: now } } : all;
    });
  }

  /** The page in this tab has described itself. */
  async report(portal: Portal, tabId: number, hints: readonly string[], page: PageReport): Promise<void> {
    await this.learn(portal);
    await this.#hints.update((all) => ({ ...all, [portal.origin]: [...hints] }));
    await this.#pages.report(portal.origin, tabId, page);
    const { status } = await this.session(portal.origin);
    if (status !== "live") await this.check(portal.origin);
  }

  /** Find the portals this browser is signed in at, without a visit to any. */
  async discover(): Promise<void> {
    const hosts = await signedInHosts(this.#ports.cookies);
    await Promise.all([...hosts].map((host) => this.#learnHost(host)));
    await this.checkAll();
  }

  /** A token cookie was set or removed: the event of signing in and out. */
  async cookieChanged(cookie: { name: string; domain: string; storeId?: string }): Promise<void> {
    const host = portalHostOf(cookie);
    if (host === undefined || isPrivate(cookie.storeId ?? "")) return;
    await this.#learnHost(host);
    const origin = `https://${host}`;
    if (await this.portal(origin)) await this.check(origin);
  }

  /** What was never looked at since the browser started, or could not be confirmed, is looked at again. */
  async catchUp(): Promise<void> {
    if (!(await this.#discovered.get())) {
      await this.#discovered.set(true);
      await this.discover();
      return;
    }
    const now = this.#ports.now();
    for (const { origin } of await this.portals()) {
      const session = (await this.#sessions.get())[origin];
      const over = session?.status === "live" && (session.expiresAtMs ?? 0) <= now;
      if (!session || session.status === "unconfirmed" || over) await this.check(origin);
    }
  }

  async checkAll(): Promise<void> {
    const portals = await this.portals();
    await Promise.all(portals.map(({ origin }) => this.check(origin)));
  }

  /**
   * Look at the cookies, ask AWS who they belong to, and remember how the session stands of whom the extension acts as.
   * @param as the cookie store from which it acts from now on
   */
  check(origin: string, as?: string): Promise<Session> {
    return this.#queueOf(origin)(async () => {
      const portal = await this.portal(origin);
      if (!portal) return NO_SESSION;
      if (as !== undefined) await this.#users.act(origin, as);
      const before = await this.session(origin);
      const tokens = await this.#tokens(portal);
      const own = ownToken(tokens, await this.#users.acting(origin));
      const others = tokens.filter((token) => token !== own);
      const elsewhere = await this.#users.look(portal, others);
      // The same person in another container takes the place of one who is gone; nobody else does.
      const same = own ? undefined : others.find(({ store }) => isOf(before.owner, elsewhere[store]));
      const found = own
        ? await this.#confirm(portal, own)
        : (elsewhere[same?.store ?? ""] ?? this.#without(before));
      const store = (own ?? same)?.store;
      if (store !== undefined && found.status === "live") await this.#users.act(origin, store);
      // What ended, or could not be asked again, was the same person's.
      const unchanged = found.mark === null || found.mark === before.mark;
      const session = { ...found, owner: found.owner ?? (unchanged ? before.owner : null) };
      await this.#sessions.update((all) => ({ ...all, [origin]: session }));
      if (session.status !== before.status || session.mark !== before.mark) {
        for (const listener of this.#listeners) listener(origin, session, before);
      }
      return session;
    });
  }

  /** Ask AWS again, of whoever is signed in in this tab. */
  async checkAgain(origin: string, tabId: number | undefined): Promise<void> {
    const portal = await this.portal(origin);
    const [token] = portal && tabId !== undefined ? await this.#tokens(portal, tabId) : [];
    const acting = await this.#users.acting(origin);
    if (!portal || !token || acting === undefined || acting === token.store) await this.check(origin);
    else await this.#users.confirmed(portal, token);
  }

  /**
   * [SC6] Token and region for one call; what stands in the way, if anything does.
   * @param tabId as whoever is signed in in this tab; without it, as whom the user has chosen
   */
  async access(origin: string, tabId?: number): Promise<Result<Access, ProblemCode>> {
    const portal = await this.portal(origin);
    if (!portal) return err("no-portal");
    const acting = await this.#users.acting(origin);
    const tokens = await this.#tokens(portal, tabId);
    const inTab = tabId === undefined ? undefined : tokens[0];
    if (inTab && acting !== undefined && inTab.store !== acting)
      return accessOf(portal, inTab, await this.#users.sessionOf(portal, inTab));

    const token = inTab ?? (tabId === undefined ? ownToken(tokens, acting) : undefined);
    const session = await this.session(origin);
    if (token && session.status === "live" && session.mark === token.mark && !this.#isOver(session)) {
      return accessOf(portal, token, session);
    }
    const checked = await this.check(origin);
    if (inTab && checked.mark !== inTab.mark)
      return accessOf(portal, inTab, await this.#users.sessionOf(portal, inTab));
    const now = ownToken(await this.#tokens(portal, tabId), await this.#users.acting(origin));
    return accessOf(portal, now, checked);
  }

  /** [SC6] Who else is signed in at this portal, each in which cookie store. */
  async others(origin: string): Promise<{ store: string; session: Session }[]> {
    return this.#users.others(origin, (await this.session(origin)).owner);
  }

  /** [SC6] Act as the one in this store. @returns whether somebody is signed in there */
  async choose(origin: string, store: string): Promise<boolean> {
    if (!(await this.others(origin)).some((other) => other.store === store)) return false;
    const { status } = await this.check(origin, store);
    return status === "live" && (await this.#users.acting(origin)) === store;
  }

  /** The browser has started. */
  browserStarted(): Promise<void> {
    return this.#users.browserStarted();
  }

  /** The container from which the extension acts there; undefined where it is none. */
  container(origin: string): Promise<string | undefined> {
    return this.#users.container(origin);
  }

  async #tokens({ origin, startUrl }: KnownPortal, tabId?: number): Promise<StoredToken[]> {
    const also = await this.#users.acting(origin);
    return readTokens(this.#ports.cookies, { startUrl, tabId, also });
  }

  #queueOf(origin: string): ReturnType<typeof queue> {
    const known = this.#queues.get(origin) ?? queue();
    this.#queues.set(origin, known);
    return known;
  }

  async #learnHost(host: string): Promise<void> {
    const origin = `https://${host}`;
    const portal = parsePortalUrl(`${origin}/start`);
    if (portal.ok && !(await this.portal(origin))) await this.learn(portal.value);
  }

  #isOver(session: Session): boolean {
    return session.expiresAtMs !== null && session.expiresAtMs <= this.#ports.now();
  }

  #without(before: Session): Session {
    const ended = before.status === "expired" || (before.mark !== null && this.#isOver(before));
    return { ...NO_SESSION, region: before.region, status: ended ? "expired" : "signed-out" };
  }

  async #confirm(portal: KnownPortal, token: PortalToken): Promise<Session> {
    const session = await confirm(this.#ports, await this.#sourcesOf(portal), token);
    const { region } = session;
    if (session.owner !== null && region !== null) {
      await this.#portals.update((all) => {
        const known = all[portal.origin];
        return known ? { ...all, [portal.origin]: { ...known, region } } : all;
      });
    }
    return session;
  }

  async #sourcesOf(portal: KnownPortal): Promise<RegionSources> {
    const parsed = parsePortalUrl(portal.startUrl);
    return {
      confirmed: portal.region ?? undefined,
      hints: (await this.#hints.get())[portal.origin] ?? [],
      host: parsed.ok ? parsed.value.region : undefined,
      entered: portal.enteredRegion ?? undefined,
    };
  }
}
