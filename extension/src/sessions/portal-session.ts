import { type Identity, whoAmI } from "@jcfetch/shared/aws/portal-internal";
import { type Portal, parsePortalUrl, parseRegion, type Region } from "@jcfetch/shared/domain/portal";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";
import type { Clock, EpochMs } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { ProblemCode } from "../messaging/problems.ts";
import type { PortalStatus } from "../messaging/view.ts";
import { Pages, type TabsAt } from "./pages.ts";
import { KnownPortal, NO_SESSION, type PageReport, Session } from "./records.ts";
import { isReliable, type RegionSources, regionCandidates } from "./region.ts";
import { queue, type Slot, type Storage, slot } from "./slot.ts";
import { type CookiesApi, type PortalToken, portalHostOf, readToken, TOKEN_COOKIES } from "./token.ts";

export interface SessionPorts {
  readonly cookies: CookiesApi;
  readonly storage: Storage;
  readonly tabs: TabsAt;
  readonly fetch: typeof fetch;
  readonly now: Clock;
  /** [MP2] Whether the company's policy lets this portal be used. */
  readonly allows: (portal: { readonly startUrl: string }) => Promise<boolean>;
}

/** What a call to the portal API needs, together only here and only for the length of one call. */
export interface Access {
  readonly portal: KnownPortal;
  readonly region: Region;
  readonly token: Secret<string>;
  readonly expiresAtMs: EpochMs;
  readonly mark: string;
  /** Whose session it is, as AWS says: directory and user name. */
  readonly owner: string;
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
  /** One look at a portal at a time; portals do not wait for each other. */
  readonly #queues = new Map<string, ReturnType<typeof queue>>();
  readonly #listeners: SessionListener[] = [];

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#portals = slot(ports.storage.local, "portals", v.record(v.string(), KnownPortal), {});
    this.#sessions = slot(ports.storage.session, "sessions", v.record(v.string(), Session), {});
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
    const hosts = new Set<string>();
    for (const store of await this.#ports.cookies.getAllCookieStores()) {
      for (const name of TOKEN_COOKIES) {
        for (const cookie of await this.#ports.cookies.getAll({ name, storeId: store.id })) {
          const host = portalHostOf(cookie);
          if (host !== undefined) hosts.add(host);
        }
      }
    }
    await Promise.all([...hosts].map((host) => this.#learnHost(host)));
    await this.checkAll();
  }

  /** A token cookie was set or removed: the event of signing in and out. */
  async cookieChanged(cookie: { name: string; domain: string }): Promise<void> {
    const host = portalHostOf(cookie);
    if (host === undefined) return;
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

  /** Look at the cookie, ask AWS who it belongs to, and remember how the session stands. */
  check(origin: string, tabId?: number): Promise<Session> {
    return this.#queueOf(origin)(async () => {
      const portal = await this.portal(origin);
      if (!portal) return NO_SESSION;
      const before = await this.session(origin);
      const token = await readToken(this.#ports.cookies, { startUrl: portal.startUrl, tabId });
      const found = token ? await this.#confirm(portal, token) : this.#without(before);
      // What ended, or could not be asked again, was the same person's.
      const same = found.mark === null || found.mark === before.mark;
      const session = { ...found, owner: found.owner ?? (same ? before.owner : null) };
      await this.#sessions.update((all) => ({ ...all, [origin]: session }));
      if (session.status !== before.status || session.mark !== before.mark) {
        for (const listener of this.#listeners) listener(origin, session, before);
      }
      return session;
    });
  }

  /** Token and region for one call; what stands in the way, if anything does. */
  async access(origin: string, tabId?: number): Promise<Result<Access, ProblemCode>> {
    const portal = await this.portal(origin);
    if (!portal) return err("no-portal");
    const token = await readToken(this.#ports.cookies, { startUrl: portal.startUrl, tabId });
    let session = await this.session(origin);
    if (session.status !== "live" || session.mark !== (token?.mark ?? null) || this.#isOver(session)) {
      session = await this.check(origin, tabId);
    }
    const region = parseRegion(session.region ?? "");
    if (token && session.status === "live" && region.ok && session.expiresAtMs !== null) {
      const { expiresAtMs, owner } = session;
      if (owner !== null)
        return ok({ portal, region: region.value, token: token.token, expiresAtMs, mark: token.mark, owner });
    }
    return err(WHY_NOT[session.status]);
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
    const { mark } = token;
    const over = token.expiresAtMs !== null && token.expiresAtMs <= this.#ports.now();
    if (over) return { ...NO_SESSION, status: "expired", mark, expiresAtMs: token.expiresAtMs };

    const sources = await this.#sourcesOf(portal);
    for (const region of regionCandidates(sources)) {
      const answer = await whoAmI({ region, token: token.token }, { fetch: this.#ports.fetch });
      if (answer.ok) return this.#live(portal, region, token, answer.value);
      if (answer.error.code !== "unauthorized") {
        return { ...NO_SESSION, status: "unconfirmed", mark, region, expiresAtMs: token.expiresAtMs };
      }
    }
    return { ...NO_SESSION, status: isReliable(sources) ? "expired" : "region-unknown", mark };
  }

  async #live(portal: KnownPortal, region: Region, token: PortalToken, who: Identity): Promise<Session> {
    const { origin } = portal;
    await this.#portals.update((all) =>
      all[origin] ? { ...all, [origin]: { ...all[origin], region } } : all,
    );
    const { directoryId, userName } = who;
    // A cookie can end before the session it opens; without it there is nothing to hand on.
    const expiresAtMs = Math.min(who.expiresAtMs, token.expiresAtMs ?? who.expiresAtMs);
    const status = expiresAtMs <= this.#ports.now() ? "expired" : "live";
    const owner = `${directoryId ?? ""}|${userName ?? ""}`;
    return { status, region, expiresAtMs, directoryId, userName, mark: token.mark, owner };
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

const WHY_NOT: Record<PortalStatus, ProblemCode> = {
  live: "signed-out", // live a moment ago, but the cookie is gone
  "signed-out": "signed-out",
  expired: "sso-expired",
  "region-unknown": "region-unknown",
  unconfirmed: "offline",
};
