import { parsePortalUrl } from "@jcfetch/shared/domain/portal";
import { PageScripts, pagesOf } from "../access/page-scripts.ts";
import { RELAY_ALARM } from "../broker/relay.ts";
import { CLIP_ALARM } from "../guard/clips.ts";
import { gate } from "../guard/gate.ts";
import { LOCK_ALARM } from "../guard/lock.ts";
import { ENDING_ALARM } from "../guard/notices.ts";
import { WAITING_ALARM } from "../roles/waiting-copy.ts";
import { type ActionApi, showIcon } from "../sessions/icon.ts";
import type { SessionListener } from "../sessions/portal-session.ts";
import type { Session } from "../sessions/records.ts";
import { endingOf } from "./announce.ts";
import { brokerRoutes } from "./broker-routes.ts";
import { confirmRoutes } from "./confirm-routes.ts";
import { guardRoutes } from "./guard-routes.ts";
import type { Reply } from "./messages.ts";
import { Omnibox } from "./omnibox.ts";
import { pageRoutes } from "./page-routes.ts";
import { portalRoutes } from "./portal-routes.ts";
import { goOnCopy, resumeCopy } from "./resume-copy.ts";
import { rightRoutes } from "./right-routes.ts";
import { roleRoutes } from "./role-routes.ts";
import { type Route, router } from "./router.ts";
import type { Self, Sender } from "./sender.ts";
import type { Services } from "./services.ts";
import { switcherRoutes } from "./switcher-routes.ts";
import { terminalRoutes } from "./terminal-routes.ts";
import { transferRoutes } from "./transfer-routes.ts";
import { type WirePorts, wire } from "./wire.ts";

/** All that the background needs of the browser and the world. */
export interface AppPorts extends WirePorts {
  readonly self: Self;
  readonly action: ActionApi;
}

/** What the browser's events lead to. */
export interface App {
  receive(message: unknown, sender: Sender): Promise<Reply<unknown>>;
  /** Installed or updated: pages that are open hold no script, or the one of before. */
  installed(reason: string): Promise<void>;
  /** The browser has started. */
  started(): Promise<void>;
  /** What the company's policy says has changed. */
  policyChanged(): Promise<void>;
  /** The user has granted something, or taken it back: here or in the browser's own settings. */
  permissionsChanged(): Promise<void>;
  cookieChanged(cookie: { name: string; domain: string; storeId?: string }): Promise<void>;
  alarm(name: string): Promise<void>;
  readonly omnibox: Omnibox;
  /** The network is back. */
  online(): Promise<void>;
  notificationClicked(id: string): Promise<void>;
  /** The computer is idle, or used again; its screen was locked or unlocked. */
  idleChanged(): Promise<void>;
}

const LOOK = "look";
const DEPOSIT = "deposit";

export function createApp(ports: AppPorts): App {
  const refreshIcon = async (): Promise<void> => {
    const nextLook = await showIcon(ports.action, services.sessions, await wantsOf(services), ports.now());
    if (nextLook !== undefined) ports.alarms.create(LOOK, { when: nextLook });
  };
  const services = wire(ports, {
    showIcon: () => void refreshIcon(),
    depositDue: (when) => ports.alarms.create(DEPOSIT, { when }),
  });
  const { sessions, relay, clips, lock, notices, notify } = services;

  const sessionChanged: SessionListener = (origin, session, before) => {
    const ended = hasEnded(session, before);
    if (session.status === "live") void resumeCopy(services, origin);
    if (ended) void services.opened.ended(origin);
    void refreshIcon();
    void notices.look();
    void depositAnew(services, session, before);
    notify("state");
  };
  sessions.onChange(sessionChanged);
  const pageScripts = new PageScripts(ports.pageScripts);
  const started = async (): Promise<void> => {
    await learnPinned(services);
    await lock.arrange();
    await sessions.catchUp();
    await refreshIcon();
    await notices.look();
    services.deposit();
  };
  // For whatever the browser has woken us: a terminal may be waiting.
  void relay.ensure();
  void goOnCopy(services);

  const lookAtLock = async (): Promise<void> => {
    await lock.look();
    await relay.ensure();
  };
  const alarms: Readonly<Record<string, () => Promise<void>>> = {
    [RELAY_ALARM]: () => relay.ensure(),
    [CLIP_ALARM]: () => clips.due(),
    [LOCK_ALARM]: lookAtLock,
    [WAITING_ALARM]: async () =>
      (await services.waiting.current()) ? goOnCopy(services) : services.waiting.drop(),
    [ENDING_ALARM]: () => notices.look(),
    [DEPOSIT]: async () => services.deposit(),
    async [LOOK]() {
      await sessions.catchUp();
      await refreshIcon();
      notify("state");
    },
  };

  return {
    receive: router(ports.self, routesOf(services), gate(lock)),
    async installed(reason) {
      await pageScripts.reconcile(true);
      if (reason === "install") await welcome(services, ports.self);
      await started();
    },
    async started() {
      await Promise.all([lock.browserStarted(), sessions.browserStarted()]);
      await pageScripts.reconcile();
      await started();
    },
    ...accessChanges(services, pageScripts, refreshIcon),
    cookieChanged: (cookie) => sessions.cookieChanged(cookie),
    omnibox: new Omnibox(services),
    alarm: async (name) => alarms[name]?.(),
    async online() {
      services.deposit();
      await relay.online();
    },
    notificationClicked: (id) => noticePressed(services, id),
    idleChanged: lookAtLock,
  };
}

const hasEnded = ({ status }: Session, before: Session): boolean =>
  before.mark !== null && (status === "signed-out" || status === "expired");

const isAnothers = ({ owner }: Session, before: Session): boolean =>
  before.owner !== null && owner !== null && before.owner !== owner;

/** [EV7] What was handed over does not stay when the session ends, or another person's takes the place. */
async function depositAnew(
  { deposits, deposit }: Services,
  session: Session,
  before: Session,
): Promise<void> {
  if (hasEnded(session, before) || isAnothers(session, before)) await deposits.sessionEnded();
  deposit();
}

async function noticePressed({ announcer, notices, notify }: Services, id: string): Promise<void> {
  announcer.clicked(id); // first, while the browser counts it as the user's doing
  const ending = endingOf(id);
  if (ending === undefined) return;
  await notices.pressed(ending);
  notify("state");
}

const routesOf = (services: Services): Route[] => [
  ...pageRoutes(services),
  ...confirmRoutes(services),
  ...roleRoutes(services),
  ...switcherRoutes(services),
  ...portalRoutes(services),
  ...brokerRoutes(services),
  ...rightRoutes(services),
  ...terminalRoutes(services),
  ...guardRoutes(services),
  ...transferRoutes(services),
];

/** [PM6] Once, and not where a portal is granted already. */
async function welcome({ granted, openTab }: Services, { baseUrl }: Self): Promise<void> {
  if (pagesOf(await granted()).length === 0) await openTab(`${baseUrl}welcome.html`);
}

/** What we may do is not what it was. */
function accessChanges(
  services: Services,
  pageScripts: PageScripts,
  refreshIcon: () => Promise<void>,
): Pick<App, "policyChanged" | "permissionsChanged"> {
  const { policy, sessions, lock, notify } = services;
  return {
    async policyChanged() {
      policy.changed();
      await learnPinned(services);
      await lock.arrange();
      services.deposit();
      notify("state");
    },
    async permissionsChanged() {
      await pageScripts.reconcile();
      await sessions.discover();
      await refreshIcon();
      services.deposit();
      notify("state");
    },
  };
}

/** The company's portals are there without anybody naming them. */
async function learnPinned({ policy, sessions }: Services): Promise<void> {
  for (const startUrl of (await policy.get()).portals ?? []) {
    const portal = parsePortalUrl(startUrl);
    if (portal.ok && !(await sessions.portal(portal.value.origin))) await sessions.learn(portal.value);
  }
}

/** What the icon asks the user to look at, besides the clock of the session. */
async function wantsOf({ approvals, confirms, pairing, waiting }: Services): Promise<string | undefined> {
  const pending = approvals.pending();
  if (pending) return `${pending.name} wants ${pending.role}`;
  const copy = await waiting.current();
  if (copy?.asks) return `${copy.role} is ready to be copied`;
  const press = await confirms.pending();
  if (press) return `confirm ${press.role} in ${press.accountName ?? press.account}`;
  return (await pairing.isDone()) ? "a terminal was paired" : undefined;
}
