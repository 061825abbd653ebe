import { JUMPCLOUD_HOSTS } from "../access/hosts.ts";
import { missingOf, portalPatterns } from "../access/reach.ts";
import type { Device } from "../broker/device-list.ts";
import type { Seen } from "../broker/seen.ts";
import type { KnownPortal } from "../sessions/records.ts";
import type { GuardView } from "./guard-view.ts";
import type { Services } from "./services.ts";
import { together } from "./together.ts";
import type {
  BrokerAlarm,
  BrokerView,
  ConfirmView,
  DeviceView,
  PortalView,
  SwitcherView,
  ViewState,
} from "./view.ts";

/** Everything the pages show but the directory, from what is known: nobody is asked for it. */
export async function stateView(services: Services): Promise<ViewState> {
  const { sessions, jumpcloud, copies, lists, prefs, pairing, devices, approvals, now } = services;
  const nowMs = now();
  const { portals, last, handedOver, list } = await together({
    portals: sessions.portals(),
    last: services.seen.last(),
    handedOver: services.deposits.handedOver(),
    list: devices.all(),
  });
  const known = { last, handedOver, nowMs };
  const jumpcloudView = async () => ({
    ...(await jumpcloud.view()),
    missing: await missingOf(services, JUMPCLOUD_HOSTS),
  });
  const isOwn = await ownedBy(services, portals);
  const ownCopies = async () => (await copies.live()).filter(isOwn).map(({ owner: _owner, ...copy }) => copy);
  return together<ViewState>({
    nowMs,
    portals: Promise.all(portals.map((portal) => portalView(services, portal))),
    jumpcloud: jumpcloudView(),
    broker: brokerView(services, last),
    devices: Promise.all(list.map((device) => deviceView(services, device, known))),
    locked: services.revocations.isLocked(),
    alarm: alarmOf(services, last),
    alarmBy: last.regressed ? (list.find(({ did }) => did === last.regressedBy)?.name ?? null) : null,
    approval: approvals.pending(),
    confirm: confirmView(services),
    asked: approvals.last(),
    copies: ownCopies(),
    favorites: lists.favorites(),
    recents: lists.recents(isOwn),
    switcher: switcherView(services),
    prefs: prefs.get(),
    organization: services.policy.view(),
    granted: services.granted(),
    pairing: pairing.isOn(),
    guard: guardView(services),
  });
}

/** [SC6] Whether something is of the one who is, or was last, signed in at its portal. */
async function ownedBy({ sessions }: Services, portals: readonly { origin: string }[]) {
  const owners = await Promise.all(
    portals.map(async ({ origin }) => [origin, (await sessions.session(origin)).owner] as const),
  );
  const now = new Map(owners);
  return ({ portal, owner }: { portal: string; owner: string | null }): boolean => {
    const one = now.get(portal) ?? null;
    return owner === null || one === null || owner === one;
  };
}

const guardView = ({ guard, clips, lock, notices }: Services): Promise<GuardView> =>
  together<GuardView>({
    prefs: guard.inForce(),
    managed: guard.managed(),
    clip: clips.view(),
    locked: lock.cause(),
    wanted: notices.wanted(),
  });

const switcherView = ({
  places,
  opened,
  waiting,
  signIns,
  focus,
  choices,
}: Services): Promise<SwitcherView> =>
  together<SwitcherView>({
    rules: places.rules(),
    labels: places.labels(),
    opened: opened.live(),
    waiting: waiting.current(),
    focus: focus.current(),
    signingIn: signIns.current(),
    regions: opened.regions(),
    choices: choices.get(),
  });

async function confirmView({ confirms }: Services): Promise<ConfirmView | null> {
  const pending = await confirms.pending();
  if (!pending) return null;
  const { tabId: _tab, owner: _owner, ...shown } = pending;
  return shown;
}

async function portalView(services: Services, portal: KnownPortal): Promise<PortalView> {
  const { sessions, now } = services;
  const { origin } = portal;
  const { session, page } = await together({
    session: sessions.session(origin),
    page: sessions.page(origin),
  });
  const { userName, directoryId, expiresAtMs, status } = session;
  const region = session.region ?? portal.region ?? portal.enteredRegion;
  const over = status === "live" && expiresAtMs !== null && expiresAtMs <= now();
  return {
    origin,
    startUrl: portal.startUrl,
    alias: portal.name,
    region,
    userName,
    directoryId,
    expiresAtMs,
    status: over ? "expired" : status,
    mark: await services.marks.of(origin),
    others: (await sessions.others(origin)).map(({ store, session: other }) => ({
      store,
      userName: other.userName,
      expiresAtMs: other.expiresAtMs,
    })),
    page: page?.generation ?? null,
    census: page?.census ?? null,
    missing: await missingOf(services, portalPatterns(origin, region)),
  };
}

async function brokerView({ broker }: Services, last: Seen): Promise<BrokerView> {
  const enrolled = await broker.enrolled();
  if (!enrolled) return { status: "none", url: null, bid: null };
  return { status: last.answers ? "ok" : "unreachable", url: enrolled.url, bid: enrolled.bid };
}

async function alarmOf({ broker, activity }: Services, { regressed }: Seen): Promise<BrokerAlarm | null> {
  const enrolled = await broker.enrolled();
  if (!enrolled) return null;
  // What stops every terminal comes first.
  return regressed ? "regressed" : activity.fault(enrolled.bid);
}

interface Known {
  readonly last: Seen;
  readonly handedOver: ReadonlySet<string>;
  readonly nowMs: number;
}

async function deviceView(services: Services, device: Device, known: Known): Promise<DeviceView> {
  const { grant: _grant, seq: _seq, owner: _owner, ...shown } = device;
  const grant = (await services.devices.known(device))?.grant;
  const modes = grant ? [...grant.modes] : [];
  const allow = grant?.policy.allow ?? [];
  return {
    ...shown,
    modes,
    roles: allow.flatMap(({ account, roles }) => roles.map((role) => ({ account, role }))),
    asks: grant?.policy.ask ?? [],
    lastUsedAtMs: known.last.devices[device.did]?.lastUsedAtMs ?? null,
    status: await statusOf(services, device, { ...known, sealed: modes.includes("sealed") }),
  };
}

async function statusOf(
  { revocations, sessions }: Services,
  device: Device,
  { last, handedOver, nowMs, sealed }: Known & { sealed: boolean },
): Promise<DeviceView["status"]> {
  const fault = await revocations.faultOf(device.did);
  const seen = last.devices[device.did];
  if (fault === "revoked") return "removing";
  if (device.expiresAtMs <= nowMs) return "expired";
  if (seen?.left) return "signed-off";
  if (seen?.forked) return "forked";
  if (fault === "locked") return "locked";
  if (sealed) return handedOver.has(device.did) ? "ready" : "waiting";
  return (await sessions.session(device.portal)).status === "live" ? "ready" : "waiting";
}
