import type { PageScriptPorts } from "../../../extension/src/access/page-scripts.ts";
import type { StorageArea } from "../../../extension/src/sessions/slot.ts";
import type { Cookie } from "../../../extension/src/sessions/token.ts";

/** A storage area as browsers have it: what goes in comes out as a copy. */
export class FakeArea implements StorageArea {
  readonly #items = new Map<string, string>();

  async get(key: string): Promise<Record<string, unknown>> {
    const text = this.#items.get(key);
    return text === undefined ? {} : { [key]: JSON.parse(text) };
  }

  async set(items: Record<string, unknown>): Promise<void> {
    for (const [key, value] of Object.entries(items)) this.#items.set(key, JSON.stringify(value));
  }

  async remove(key: string): Promise<void> {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }

  /** Everything in it, as it would lie on a disk. */
  dump(): string {
    return [...this.#items].map(([key, text]) => `${key}=${text}`).join("\n");
  }
}

interface StoredCookie extends Cookie {
  readonly storeId: string;
}

type CookieListener = (cookie: Cookie) => Promise<unknown>;

/** Cookie stores: `0` for the normal windows, and whatever else a test opens. */
export class FakeCookies {
  readonly stores = [{ id: "0", tabIds: [1] }];
  #jar: StoredCookie[] = [];
  #listener: CookieListener = async () => undefined;

  onChanged(listener: CookieListener): void {
    this.#listener = listener;
  }

  async getAllCookieStores(): Promise<{ id: string; tabIds: number[] }[]> {
    return this.stores;
  }

  async getAll({
    domain: host,
    name: wanted,
    storeId: store = "0",
  }: {
    domain?: string;
    name: string;
    storeId?: string;
  }): Promise<Cookie[]> {
    return this.#jar.filter(({ name, domain, storeId }) => {
      const within = host === undefined || domain === host || domain.endsWith(`.${host}`);
      return name === wanted && storeId === store && within;
    });
  }

  /** Set by a page; resolves when the extension has dealt with it. */
  async set(cookie: Partial<StoredCookie> & Pick<Cookie, "value">): Promise<void> {
    const whole = { name: "x-amz-sso_authn", domain: "acme.awsapps.com", path: "/", storeId: "0", ...cookie };
    this.#jar = [...this.#jar.filter((old) => !sameCookie(old, whole)), whole];
    await this.#listener(whole);
  }

  /** @param store of this store alone */
  async remove(domain: string, store?: string): Promise<void> {
    const goes = (cookie: StoredCookie): boolean =>
      cookie.domain === domain && (store === undefined || cookie.storeId === store);
    const gone = this.#jar.filter(goes);
    this.#jar = this.#jar.filter((cookie) => !goes(cookie));
    for (const cookie of gone) await this.#listener(cookie);
  }
}

const sameCookie = (a: StoredCookie, b: StoredCookie): boolean =>
  a.name === b.name && a.domain === b.domain && a.path === b.path && a.storeId === b.storeId;

/** What is granted, which script is registered for which pages, and in which tabs one was run. */
export class FakeScripting {
  granted: string[] = [];
  /** Address → id. */
  readonly openTabs = new Map<string, number>();
  /** The one in front; none is, while a page of our own is. */
  activeTab: number | undefined;
  readonly ran: number[] = [];
  matches: string[] | undefined;

  readonly ports: PageScriptPorts = {
    permissions: { getAll: async () => ({ origins: this.granted }) },
    scripting: {
      getRegisteredContentScripts: async () => (this.matches ? [{ matches: this.matches }] : []),
      registerContentScripts: async ([script]) => {
        if (this.matches) throw new Error("this id is taken");
        this.matches = script?.matches;
      },
      updateContentScripts: async ([script]) => {
        if (!this.matches) throw new Error("no such script");
        this.matches = script?.matches;
      },
      unregisterContentScripts: async () => {
        this.matches = undefined;
      },
      executeScript: async ({ target }) => this.ran.push(target.tabId),
    },
    tabs: {
      query: async ({ url: patterns, active }) => {
        const starts = patterns.map((pattern) => pattern.replace(/\*$/, ""));
        return [...this.openTabs]
          .filter(([url]) => starts.some((start) => url.startsWith(start)))
          .filter(([, id]) => !active || id === this.activeTab)
          .map(([, id]) => ({ id }));
      },
    },
  };
}
