import { Broker } from "../broker/broker.ts";
import { Deposits } from "../broker/deposit.ts";
import { DeviceList } from "../broker/device-list.ts";
import type { KeyStore } from "../broker/keys.ts";
import { Pairing } from "../broker/pair.ts";
import { BrokerSeen } from "../broker/seen.ts";
import { Copies } from "../roles/copies.ts";
import { Directories } from "../roles/directory.ts";
import { RoleLists } from "../roles/lists.ts";
import { type ActionApi, showIcon } from "../sessions/icon.ts";
import { JumpcloudMemory } from "../sessions/jumpcloud-memory.ts";
import { PortalSessions, type SessionListener } from "../sessions/portal-session.ts";
import type { Storage } from "../sessions/slot.ts";
import type { CookiesApi } from "../sessions/token.ts";
import { brokerRoutes } from "./broker-routes.ts";
import type { WriteClipboard } from "./clipboard.ts";
import type { Changed, Reply } from "./messages.ts";
import { notifier } from "./notify.ts";
import { pageRoutes } from "./page-routes.ts";
import { portalRoutes } from "./portal-routes.ts";
import { prefsSlot } from "./prefs.ts";
import { roleRoutes } from "./role-routes.ts";
import { router } from "./router.ts";
import type { Self, Sender } from "./sender.ts";
import type { Services } from "./services.ts";

/** All that the background needs of the browser and the world. */
export interface AppPorts {
  readonly self: Self;
  readonly platform: string;
  readonly storage: Storage;
  readonly cookies: CookiesApi;
  readonly action: ActionApi;
  readonly alarms: { create(name: string, info: { when: number }): unknown };
  readonly keys: KeyStore;
  readonly clipboard: WriteClipboard;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  readonly openTab: (url: string) => Promise<unknown>;
  readonly mayReach: (pattern: string) => Promise<boolean>;
  readonly broadcast: (message: Changed) => Promise<unknown>;
}

/** What the browser's events lead to. */
export interface App {
  receive(message: unknown, sender: Sender): Promise<Reply<unknown>>;
  /** Installed, updated or started. */
  started(): Promise<void>;
  cookieChanged(cookie: { name: string; domain: string }): Promise<void>;
  alarm(name: string): Promise<void>;
}

const LOOK = "look";
const DEPOSIT = "deposit";

export function createApp(ports: AppPorts): App {
  const services = wire(ports);
  const { sessions, directories, deposits, notify } = services;

  const refreshIcon = async (): Promise<void> => {
    const nextLook = await showIcon(ports.action, sessions, ports.now());
    if (nextLook !== undefined) ports.alarms.create(LOOK, { when: nextLook });
  };

  const sessionChanged: SessionListener = (origin, session, before) => {
    const ended = before.mark !== null && (session.status === "signed-out" || session.status === "expired");
    if (session.status === "live") directories.retry(origin);
    void refreshIcon();
    void (ended ? deposits.sessionEnded() : Promise.resolve()).then(services.deposit);
    notify("state");
  };
  sessions.onChange(sessionChanged);

  return {
    receive: router(ports.self, [
      ...pageRoutes(services),
      ...roleRoutes(services),
      ...portalRoutes(services),
      ...brokerRoutes(services),
    ]),
    async started() {
      await sessions.catchUp();
      await refreshIcon();
      services.deposit();
    },
    cookieChanged: (cookie) => sessions.cookieChanged(cookie),
    async alarm(name) {
      if (name === DEPOSIT) services.deposit();
      if (name !== LOOK) return;
      await sessions.catchUp();
      await refreshIcon();
      notify("state");
    },
  };
}

function wire(ports: AppPorts): Services {
  const { storage, cookies, fetch, now, keys, mayReach, openTab, clipboard } = ports;
  const wait = (ms: number) => new Promise<void>((resolve) => void ports.setTimeout(resolve, ms));
  const notify = notifier(ports.broadcast, ports.setTimeout);
  const sessions = new PortalSessions({ cookies, storage, fetch, now });
  const changedDirectory = () => notify("directory");
  const directories = new Directories({ sessions, storage, fetch, now, wait, changed: changedDirectory });
  const broker = new Broker({ storage, keys, fetch, now, mayReach });
  const devices = new DeviceList(storage, now);
  const deposits = new Deposits({ storage, broker, devices, sessions, now });
  const changedPairing = () => notify("pairing");
  return {
    sessions,
    directories,
    broker,
    devices,
    deposits,
    pairing: new Pairing({ storage, broker, devices, deposits, sessions, now, changed: changedPairing }),
    seen: new BrokerSeen(storage, broker, now),
    jumpcloud: new JumpcloudMemory(storage, { fetch }, now),
    lists: new RoleLists(storage),
    copies: new Copies(storage, now),
    prefs: prefsSlot(storage, ports.platform),
    clipboard,
    fetch,
    now,
    notify,
    openTab,
    mayReach,
    deposit() {
      void deposits.run().then((when) => {
        if (when !== undefined) ports.alarms.create(DEPOSIT, { when });
        notify("state");
      });
    },
  };
}
