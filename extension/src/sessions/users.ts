import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { type KnownPortal, Session } from "./records.ts";
import { type Slot, type Storage, slot } from "./slot.ts";
import type { StoredToken } from "./token.ts";

/** Containers of Firefox, and what is in none. Private windows are kept apart from everything else. */
export const isChoosable = (store: string): boolean => /^firefox-(default|container-\d+)$/.test(store);

/**
 * [SC6] The token in the cookie store that is acted from, whoever else is signed in; while there is none, the newest. Where
 * stores cannot be chosen, as in browsers without containers, the newest also takes the place of one that is gone.
 */
export function ownToken(
  tokens: readonly StoredToken[],
  acting: string | undefined,
): StoredToken | undefined {
  const own = tokens.find(({ store }) => store === acting);
  return own ?? (acting !== undefined && isChoosable(acting) ? undefined : tokens[0]);
}

export const isOf = (owner: string | null, session: Session | undefined): boolean =>
  session?.status === "live" && session.owner === owner;

interface Ports {
  readonly storage: Storage;
  readonly now: Clock;
}

/** Several people at one portal, each in a cookie store of their own. Until the browser is closed. */
export class PortalUsers {
  readonly #now: Clock;
  readonly #confirm: (portal: KnownPortal, token: StoredToken) => Promise<Session>;
  readonly #acting: Slot<Record<string, string>>;
  readonly #elsewhere: Slot<Record<string, Record<string, Session>>>;

  constructor(
    { storage, now }: Ports,
    confirm: (portal: KnownPortal, token: StoredToken) => Promise<Session>,
  ) {
    this.#now = now;
    this.#confirm = confirm;
    // On disk: an update of the extension empties the browser's memory, and is not to change who acts.
    this.#acting = slot(storage.local, "portal-stores", v.record(v.string(), v.string()), {});
    const sessions = v.record(v.string(), v.record(v.string(), Session));
    this.#elsewhere = slot(storage.session, "other-sessions", sessions, {});
  }

  /** The store from which popup and terminals act at a portal; undefined before anybody was signed in. */
  async acting(origin: string): Promise<string | undefined> {
    return (await this.#acting.get())[origin];
  }

  async act(origin: string, store: string): Promise<void> {
    await this.#acting.update((all) => ({ ...all, [origin]: store }));
  }

  /** The browser has started: nobody is signed in yet. */
  async browserStarted(): Promise<void> {
    await this.#acting.remove();
  }

  async container(origin: string): Promise<string | undefined> {
    const store = await this.acting(origin);
    return store?.startsWith("firefox-container-") ? store : undefined;
  }

  /** The sessions of these tokens, by store. Containers are looked into; a private window only when one of its own tabs asks. */
  async look(portal: KnownPortal, tokens: readonly StoredToken[]): Promise<Record<string, Session>> {
    const known = await this.#known(portal.origin);
    const looked = tokens.map(async (token): Promise<[string, Session][]> => {
      const before = known[token.store];
      if (before && this.#holds(before, token)) return [[token.store, before]];
      return isChoosable(token.store) ? [[token.store, await this.#confirm(portal, token)]] : [];
    });
    const sessions = Object.fromEntries((await Promise.all(looked)).flat());
    await this.#elsewhere.update((all) => ({ ...all, [portal.origin]: sessions }));
    return sessions;
  }

  /** The session of somebody else than whom the extension acts as. */
  async sessionOf(portal: KnownPortal, token: StoredToken): Promise<Session> {
    const known = (await this.#known(portal.origin))[token.store];
    return known && this.#holds(known, token) ? known : this.confirmed(portal, token);
  }

  async confirmed(portal: KnownPortal, token: StoredToken): Promise<Session> {
    const session = await this.#confirm(portal, token);
    const { origin } = portal;
    await this.#elsewhere.update((all) => ({ ...all, [origin]: { ...all[origin], [token.store]: session } }));
    return session;
  }

  /** Who can be chosen in place of this one. */
  async others(origin: string, owner: string | null): Promise<{ store: string; session: Session }[]> {
    const all = Object.entries(await this.#known(origin)).map(([store, session]) => ({ store, session }));
    const live = all.filter(
      ({ store, session }) => isChoosable(store) && this.#isLive(session) && session.owner !== owner,
    );
    return live.filter(
      ({ session }, at) => live.findIndex((one) => one.session.owner === session.owner) === at,
    );
  }

  async forget(origin: string): Promise<void> {
    await this.#acting.update(({ [origin]: _gone, ...others }) => others);
    await this.#elsewhere.update(({ [origin]: _gone, ...others }) => others);
  }

  async #known(origin: string): Promise<Readonly<Record<string, Session>>> {
    return (await this.#elsewhere.get())[origin] ?? {};
  }

  #holds(session: Session, { mark }: StoredToken): boolean {
    return this.#isLive(session) && session.mark === mark;
  }

  #isLive({ status, expiresAtMs }: Session): boolean {
    return status === "live" && (expiresAtMs === null || expiresAtMs > this.#now());
  }
}
