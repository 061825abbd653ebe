import { JUMPCLOUD_HOSTS } from "../access/hosts.ts";
import { missingOf, portalPatterns } from "../access/reach.ts";
import type { Device } from "../broker/device-list.ts";
import type { Seen } from "../broker/seen.ts";
import type { GuardView } from "./guard-view.ts";
import type { Services } from "./services.ts";
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
  const portals = await sessions.portals();
  const last = await services.seen.last();
  const known = { last, handedOver: await services.deposits.handedOver(), nowMs };
  const list = await devices.all();
  return {
    nowMs,
    portals: await Promise.all(portals.map(({ origin }) => portalView(services, origin))),
    jumpcloud: { ...(await jumpcloud.view()), missing: await missingOf(services, JUMPCLOUD_HOSTS) },
    broker: await brokerView(services, last),
    devices: await Promise.all(list.map((device) => deviceView(services, device, known))),
    locked: await services.revocations.isLocked(),
    alarm: await alarmOf(services, last),
    alarmBy: last.regressed ? (list.find(({ did }) => did === last.regressedBy)?.name ?? null) : null,
    approval: approvals.pending(),
    confirm: await confirmView(services),
    asked: approvals.last(),
    copies: await copies.live(),
    favorites: await lists.favorites(),
    recents: await lists.recents(),
    switcher: await switcherView(services),
    prefs: await prefs.get(),
    organization: await services.policy.view(),
    granted: await services.granted(),
    pairing: await pairing.isOn(),
    guard: await guardView(services),
  };
}

async function guardView({ guard, clips, lock, notices }: Services): Promise<GuardView> {
  return {
    prefs: await guard.inForce(),
    managed: await guard.managed(),
    clip: await clips.view(),
    locked: await lock.cause(),
    wanted: await notices.wanted(),
  };
}

async function switcherView(services: Services): Promise<SwitcherView> {
  const { places, opened, waiting, signIns, focus, choices } = services;
  return {
    rules: await places.rules(),
    labels: await places.labels(),
    opened: await opened.live(),
    waiting: await waiting.current(),
    focus: await focus.current(),
    signingIn: await signIns.current(),
    regions: await opened.regions(),
    choices: await choices.get(),
  };
}

async function confirmView({ confirms }: Services): Promise<ConfirmView | null> {
  const pending = await confirms.pending();
  if (!pending) return null;
  const { tabId: _tab, ...shown } = pending;
  return shown;
}

async function portalView(services: Services, origin: string): Promise<PortalView> {
  const { sessions, now } = services;
  const portal = (await sessions.portal(origin))!;
  const session = await sessions.session(origin);
  const page = await sessions.page(origin);
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
