import "../words.ts";
import type * as v from "valibot";
import { type BrokerKeys, type KeyStore, makeKeys } from "../../../extension/src/broker/keys.ts";
import { hasMark } from "../../../extension/src/guard/mark.ts";
import { type App, createApp } from "../../../extension/src/messaging/app.ts";
import { ask } from "../../../extension/src/messaging/ask.ts";
import {
  type Changed,
  type Message,
  type Reply,
  UI_MESSAGES,
} from "../../../extension/src/messaging/messages.ts";
import type { Sender } from "../../../extension/src/messaging/sender.ts";
import type { DirectoryView, PortalView } from "../../../extension/src/messaging/view.ts";
import type { Sim } from "../../sim/start.ts";
import { FakeArea, FakeCookies, FakeScripting } from "./fake-browser.ts";

const ID = "nmambjjbdjmmphgjjenoggafiljnfklg";
const BASE = `chrome-extension://${ID}/`;
export const ACME = "https://acme.awsapps.com";
export const UI: Sender = { id: ID, url: `${BASE}popup.html`, origin: `chrome-extension://${ID}` };
/** The content script in the top frame of a tab. */
export const pageAt = (url: string, more: Partial<Sender> = {}): Sender => ({
  id: ID,
  url,
  origin: new URL(url).origin,
  frameId: 0,
  tab: { id: 1 },
  ...more,
});

/** Keys in memory: node has no IndexedDB. */
export class MemoryKeys implements KeyStore {
  readonly #keys = new Map<string, BrokerKeys>();
  #counter = 0;
  static make = makeKeys;

  async load(bid: string): Promise<BrokerKeys | undefined> {
    return this.#keys.get(bid);
  }

  async save(bid: string, keys: BrokerKeys): Promise<void> {
    this.#keys.set(bid, keys);
  }

  async drop(bid: string): Promise<void> {
    this.#keys.delete(bid);
  }

  async nextCounter(): Promise<number> {
    this.#counter += 1;
    return this.#counter;
  }
}

/** What is reached when the extension asks for AWS is the simulator; loopback is loopback; nothing else is there. */
export function networkOf(sim: Sim): typeof fetch {
  return (input, init) => {
    const meant = new URL(String(input));
    if (meant.hostname === "127.0.0.1") return fetch(meant, init);
    if (!meant.hostname.endsWith(".amazonaws.com")) return Promise.reject(new TypeError("no such host"));
    return fetch(`${sim.origin}${meant.pathname}${meant.search}`, init);
  };
}

export interface BackgroundOptions {
  readonly now?: () => number;
  /** Its waits are this many times shorter; or how many, by their length in milliseconds. */
  readonly haste?: number | ((ms: number) => number);
}

/** The background as the browser would run it, over the simulated AWS. */
export class Background {
  readonly local = new FakeArea();
  readonly session = new FakeArea();
  readonly cookies = new FakeCookies();
  /** What the company's policy says. */
  policy: Record<string, unknown> | undefined;
  readonly scripting = new FakeScripting();
  readonly keys = new MemoryKeys();
  readonly clipboard: string[] = [];
  /** Addresses that were opened, each after the container where one was named. */
  readonly tabs: string[] = [];
  /** When each is due; of those that come again, every how many minutes. */
  readonly alarms = new Map<string, number>();
  /** What notifications said, by id; those that were taken back are gone. */
  readonly notices = new Map<string, { title: string; message: string }>();
  /** How often the popup was opened from outside of it. */
  popups = 0;
  /** Whether the browser lets it be opened without a click on something of ours. */
  popupOpens: boolean = true;
  /** Sockets of this life and those before. */
  readonly sockets: WebSocket[] = [];
  readonly icons: string[] = [];
  readonly titles: string[] = [];
  readonly refusedHosts = new Set<string>();
  /** URLs asked for, in order. */
  readonly asked: string[] = [];
  readonly #waiting: { what: Changed["what"]; resolve: () => void }[] = [];
  readonly #fetch: typeof fetch;
  readonly #haste: (ms: number) => number;
  #connected = Promise.withResolvers<void>();
  #life = 0;
  readonly now: () => number;
  clipboardFault?: "clipboard";
  /** The user has let us look at the clipboard. */
  mayLook = false;
  /** What the computer would say of its user; undefined where asking is not allowed. */
  idleState: string | undefined;
  app: App;

  constructor(network: typeof fetch, { now = Date.now, haste = 1 }: BackgroundOptions = {}) {
    this.#fetch = network;
    this.now = now;
    this.#haste = typeof haste === "number" ? () => haste : haste;
    this.app = this.start();
    this.cookies.onChanged((cookie) => this.app.cookieChanged(cookie));
  }

  /** A background that was put to sleep and wakes has its storage, and no more: its sockets went with it. */
  start(): App {
    this.#life += 1;
    for (const socket of this.sockets.splice(0)) socket.close();
    const life = this.#life;
    this.app = createApp({
      self: { id: ID, baseUrl: BASE },
      platform: "Linux x86_64",
      storage: { local: this.local, session: this.session },
      cookies: this.cookies,
      action: {
        setIcon: async ({ path }) => void this.icons.push(path["16"]!),
        setBadgeText: async () => undefined,
        setBadgeBackgroundColor: async () => undefined,
        setTitle: async ({ title }) => void this.titles.push(title),
      },
      alarms: {
        create: (name, due) => this.alarms.set(name, "when" in due ? due.when : due.periodInMinutes),
        clear: (name) => this.alarms.delete(name),
      },
      notifications: {
        create: async (id, { title, message }) => this.notices.set(id, { title, message }),
        clear: async (id) => this.notices.delete(id),
      },
      stayAwake: () => undefined,
      openPopup: async () => {
        this.popups += 1;
      },
      tryPopup: async () => {
        if (!this.popupOpens) throw new Error("not without a click");
        this.popups += 1;
      },
      random: Math.random,
      openSocket: (url, protocols) => {
        const socket = new WebSocket(url, protocols);
        this.sockets.push(socket);
        socket.addEventListener("open", () => this.#connected.resolve());
        return socket;
      },
      keys: this.keys,
      clipboard: {
        write: async (text) => {
          if (this.clipboardFault) return { ok: false, error: this.clipboardFault };
          this.clipboard.push(text);
          return { ok: true, value: null };
        },
        ready: () => undefined,
        mayLook: async () => this.mayLook,
        holds: (mark) => hasMark(this.clipboard.at(-1) ?? "", mark),
      },
      idle: () => {
        const { idleState } = this;
        return idleState === undefined ? undefined : { queryState: async () => idleState };
      },
      fetch: (input, init) => {
        // One that was stopped waits for ever for what it had asked.
        if (life !== this.#life) return new Promise(() => undefined);
        this.asked.push(String(input));
        return this.#fetch(input, init);
      },
      now: this.now,
      setTimeout: (run, ms) => setTimeout(run, ms / this.#haste(ms)),
      tabs: {
        create: async ({ url, cookieStoreId }) => ({
          id: this.tabs.push(cookieStoreId === undefined ? url : `${cookieStoreId} ${url}`),
        }),
      },
      // As Firefox does where nobody manages it.
      managed: async () => this.policy ?? Promise.reject(new Error("Managed storage manifest not found")),
      pageScripts: this.scripting.ports,
      mayReach: async (pattern) => !this.refusedHosts.has(pattern),
      broadcast: async ({ what }) => this.#told(what),
    });
    return this.app;
  }

  /** The extension's own pages speak. */
  ask<K extends keyof typeof UI_MESSAGES>(
    name: K,
    body: object = {},
  ): Promise<Reply<v.InferOutput<(typeof UI_MESSAGES)[K]["response"]>>> {
    const runtime = { sendMessage: (message: unknown) => this.app.receive(message, UI) };
    return ask(runtime, UI_MESSAGES[name] as Message, body) as never;
  }

  /** Resolves when a socket of this life is open. */
  connected(): Promise<void> {
    return this.#connected.promise;
  }

  /** The browser has gone. */
  stop(): void {
    this.#life += 1;
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  /** Resolves at the next broadcast of this kind. */
  changed(what: Changed["what"]): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ what, resolve }));
  }

  /** Ask again at each broadcast until the answer is as wanted. */
  async until<T>(what: Changed["what"], look: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const next = this.changed(what);
      const seen = await look();
      if (seen !== undefined) return seen;
      await next;
    }
  }

  async portal(origin = ACME): Promise<PortalView | undefined> {
    const state = await this.ask("state");
    return state.ok ? state.value.portals.find((portal) => portal.origin === origin) : undefined;
  }

  /** The directory once no reading is under way. */
  directory(portal = ACME): Promise<DirectoryView> {
    return this.until("directory", async () => {
      const view = await this.ask("directory", { portal });
      if (!view.ok) throw new Error(view.problem.code);
      return view.value.progress ? undefined : view.value;
    });
  }

  /** Everything that the extension has written anywhere. */
  dump(): string {
    return `${this.local.dump()}\n${this.session.dump()}`;
  }

  #told(what: Changed["what"]): void {
    const due = this.#waiting.filter((one) => one.what === what);
    for (const one of due) {
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      one.resolve();
    }
  }
}

/** Ana has signed in at a portal, and its page has told the region. */
export async function signedIn(sim: Sim, background: Background, directory = "acme", user = "ana") {
  const token = sim.signIn(user, directory);
  await background.cookies.set({ value: token, domain: `${directory}.awsapps.com` });
  const hints = { regionHints: [sim.world.directory(directory).region], generation: "gen3", rows: 3 };
  const sender = pageAt(`https://${directory}.awsapps.com/start/`);
  await background.app.receive({ verb: "portal-hints", body: hints }, sender);
  return token;
}
