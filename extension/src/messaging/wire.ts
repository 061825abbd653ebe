import type { PageScriptPorts } from "../access/page-scripts.ts";
import { Activity } from "../broker/activity.ts";
import { AskAnswers } from "../broker/answer-asks.ts";
import { Approvals } from "../broker/approvals.ts";
import { Broker } from "../broker/broker.ts";
import { Deposits } from "../broker/deposit.ts";
import { DeviceList } from "../broker/device-list.ts";
import { Flights } from "../broker/flights.ts";
import { Grants } from "../broker/grant.ts";
import type { KeyStore } from "../broker/keys.ts";
import type { Socket } from "../broker/line.ts";
import { Pairing } from "../broker/pair.ts";
import { Relay } from "../broker/relay.ts";
import { Revocations } from "../broker/revocations.ts";
import { BrokerSeen } from "../broker/seen.ts";
import { Spent } from "../broker/spent.ts";
import { Clips } from "../guard/clips.ts";
import { CopyLog } from "../guard/copy-log.ts";
import { type IdleApi, Lock } from "../guard/lock.ts";
import { EndingNotices } from "../guard/notices.ts";
import { GuardSettings } from "../guard/prefs.ts";
import { choicesSlot } from "../roles/choices.ts";
import { Confirms } from "../roles/confirms.ts";
import { Copies } from "../roles/copies.ts";
import { Directories } from "../roles/directory.ts";
import { ListFocus } from "../roles/focus.ts";
import { RoleLists } from "../roles/lists.ts";
import { Opened } from "../roles/opened.ts";
import { Places } from "../roles/places.ts";
import { SignIns } from "../roles/sign-ins.ts";
import { openConsoleTab, type TabsApi } from "../roles/tabs.ts";
import { WaitingCopies } from "../roles/waiting-copy.ts";
import { JumpcloudMemory } from "../sessions/jumpcloud-memory.ts";
import { PortalMarks } from "../sessions/portal-marks.ts";
import { PortalSessions } from "../sessions/portal-session.ts";
import type { Storage } from "../sessions/slot.ts";
import type { CookiesApi } from "../sessions/token.ts";
import { Announcer, type NotificationsApi } from "./announce.ts";
import type { ReachClipboard } from "./clipboard.ts";
import type { Changed } from "./messages.ts";
import { type Notify, notifier } from "./notify.ts";
import { Policy } from "./policy.ts";
import { prefsSlot } from "./prefs.ts";
import type { Services } from "./services.ts";

export interface WirePorts {
  readonly platform: string;
  readonly storage: Storage;
  readonly cookies: CookiesApi;
  readonly alarms: {
    create(name: string, info: { when: number } | { periodInMinutes: number }): unknown;
    clear(name: string): unknown;
  };
  readonly notifications: NotificationsApi;
  readonly keys: KeyStore;
  readonly clipboard: ReachClipboard;
  /** Undefined while the user has not allowed it. */
  readonly idle: () => IdleApi | undefined;
  readonly fetch: typeof fetch;
  readonly openSocket: (url: string, protocols: string[]) => Socket;
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimeout: (run: () => void, ms: number) => unknown;
  /** Any call of the browser's own that it counts as work. */
  readonly stayAwake: () => unknown;
  readonly tabs: TabsApi;
  /** `storage.managed`: what the company's policy says. */
  readonly managed: () => Promise<Record<string, unknown>>;
  readonly openPopup: () => Promise<unknown>;
  readonly tryPopup: () => Promise<unknown>;
  readonly mayReach: (pattern: string) => Promise<boolean>;
  readonly pageScripts: PageScriptPorts;
  readonly broadcast: (message: Changed) => Promise<unknown>;
}

/** What the services set off in the app. */
export interface WireHooks {
  readonly showIcon: () => void;
  readonly depositDue: (when: number) => void;
}

/** Make every part and join them. */
export function wire(ports: WirePorts, { showIcon, depositDue }: WireHooks): Services {
  const { storage, cookies, fetch, now, mayReach, tabs } = ports;
  const wait = (ms: number) => new Promise<void>((resolve) => void ports.setTimeout(resolve, ms));
  const notify = notifier(ports.broadcast, ports.setTimeout);
  const announcer = new Announcer(ports);
  const policy = new Policy({ managed: ports.managed, wait });
  const allows = (portal: { startUrl: string }) => policy.allowsPortal(portal);
  const sessions = new PortalSessions({
    ...{ cookies, storage, fetch, now, allows },
    tabs: ports.pageScripts.tabs,
  });
  const changed = () => notify("directory");
  const directories = new Directories({ sessions, storage, fetch, now, wait, changed });
  const copies = new Copies(storage, now);
  const lineDue = () => void terminals.relay.ensure();
  const around = { policy, sessions, directories, announcer, notify, showIcon };
  const guard = wireGuard(ports, { ...around, copies, lineDue });
  const { lock } = guard;
  const terminals = wireTerminals(ports, { ...around, lock });
  const { deposits, relay } = terminals;
  const choices = choicesSlot(storage);
  return {
    ...terminals,
    ...guard,
    policy,
    sessions,
    directories,
    announcer,
    jumpcloud: new JumpcloudMemory(storage, { fetch }, now),
    lists: new RoleLists(storage, now),
    marks: new PortalMarks(storage),
    places: new Places(storage, () => policy.accountRules()),
    opened: new Opened(storage, now),
    waiting: new WaitingCopies(storage, now, ports.alarms),
    signIns: new SignIns(storage, now),
    focus: new ListFocus(storage, now),
    choices,
    copies,
    confirms: new Confirms(storage, now),
    prefs: prefsSlot(storage, ports.platform, policy),
    fetch,
    now,
    notify,
    openPopup: ports.openPopup,
    openTab: (url, container) => tabs.create(container ? { url, cookieStoreId: container } : { url }),
    async openConsoleTab(tab) {
      const chosen = await choices.get();
      const { containers } = await policy.get(); // [MP4]
      await openConsoleTab(tabs, tab, containers === false ? { ...chosen, containers } : chosen);
    },
    mayReach,
    granted: async () => (await ports.pageScripts.permissions.getAll()).origins ?? [],
    showIcon,
    deposit() {
      void relay.ensure();
      void deposits.run().then((when) => {
        if (when !== undefined) depositDue(when);
        notify("state");
      });
    },
  };
}

interface Around {
  readonly policy: Policy;
  readonly sessions: PortalSessions;
  readonly directories: Directories;
  readonly announcer: Announcer;
  readonly notify: Notify;
  readonly showIcon: () => void;
}

/** What keeps a browser that was left open from giving. */
function wireGuard(
  ports: WirePorts,
  {
    policy,
    copies,
    sessions,
    directories,
    announcer,
    notify,
    showIcon,
    lineDue,
  }: Around & { copies: Copies; lineDue: () => void },
) {
  const { storage, now, alarms, clipboard, idle, setTimeout: later } = ports;
  const guard = new GuardSettings(storage, () => policy.guard());
  const prefs = () => guard.inForce();
  const changed = () => notify("state");
  const seconds = async () => (await prefs()).clipboardSeconds;
  const clips = new Clips({ storage, clipboard, alarms, later, now, seconds, changed });
  const lock = new Lock({
    ...{ storage, idle, alarms, now, prefs },
    async changed(locked) {
      lineDue(); // [LK3]
      if (locked) await clips.clear();
      showIcon();
      notify("state");
    },
  });
  return {
    ...{ guard, clips, lock },
    copyLog: new CopyLog(storage, now, async () => (await prefs()).copyLog),
    notices: new EndingNotices({ storage, copies, sessions, directories, announcer, alarms, now, prefs }),
  };
}

/** All that has to do with the broker and the terminals behind it. */
function wireTerminals(ports: WirePorts, around: Around & { lock: Lock }) {
  const { policy, sessions, directories, announcer, notify, showIcon, lock } = around;
  const { storage, fetch, now, keys, mayReach, setTimeout: later } = ports;
  const allows = (at: { url: string; bid: string }) => policy.allowsBroker(at);
  const broker = new Broker({ storage, keys, fetch, now, mayReach, allows });
  const devices = new DeviceList(storage, now);
  const revocations = new Revocations(storage, devices, now);
  const deposits = new Deposits({ storage, broker, devices, revocations, sessions, lock, now });
  const grants = new Grants({ sessions, directories, now });
  const approvals = new Approvals({
    storage,
    now,
    later,
    changed(pending) {
      announcer.question(pending);
      showIcon();
      notify("state");
    },
    async lock(did) {
      await deposits.lost();
      await revocations.lockOne(undefined, did, true);
      void deposits.run(); // tells the broker
    },
  });
  const spent = new Spent(storage, now);
  const flights = new Flights(fetch);
  const asking = { devices, revocations, approvals, spent, flights, sessions, directories };
  const answers = new AskAnswers(asking);
  const activity = new Activity(storage, { fetch, now, toldTo: (bid) => revocations.toldTo(bid) });
  const pairing = new Pairing({
    ...{ storage, broker, devices, deposits, grants, revocations, now },
    changed: () => notify("pairing"),
    paired({ name }) {
      announcer.paired(name);
      showIcon();
    },
  });
  return {
    ...{ broker, devices, revocations, deposits, grants, approvals, pairing },
    relay: new Relay({ ...ports, broker, devices, answers, lock, later }),
    activity,
    seen: new BrokerSeen(storage, broker, activity, now),
  };
}
