import type { Device } from "../broker/device-list.ts";
import type { Seen } from "../broker/seen.ts";
import type { Services } from "./services.ts";
import type { BrokerView, DeviceView, PortalView, ViewState } from "./view.ts";

/** Everything the pages show but the directory, from what is known: nobody is asked for it. */
export async function stateView(services: Services): Promise<ViewState> {
  const { sessions, jumpcloud, copies, lists, prefs, pairing, devices, deposits, seen, now } = services;
  const nowMs = now();
  const portals = await sessions.portals();
  const [last, handedOver] = await Promise.all([seen.last(), deposits.handedOver()]);
  const list = await devices.all();
  return {
    nowMs,
    portals: await Promise.all(portals.map(({ origin }) => portalView(services, origin))),
    jumpcloud: await jumpcloud.view(),
    broker: await brokerView(services, last),
    devices: list.map((device) => deviceView(device, last, handedOver, nowMs)),
    copies: await copies.live(),
    favorites: await lists.favorites(),
    recents: await lists.recents(),
    prefs: await prefs.get(),
    pairing: await pairing.isOn(),
  };
}

async function portalView({ sessions, now }: Services, origin: string): Promise<PortalView> {
  const portal = (await sessions.portal(origin))!;
  const session = await sessions.session(origin);
  const { userName, directoryId, expiresAtMs, status } = session;
  const over = status === "live" && expiresAtMs !== null && expiresAtMs <= now();
  return {
    origin,
    startUrl: portal.startUrl,
    alias: portal.name,
    region: session.region ?? portal.region ?? portal.enteredRegion,
    userName,
    directoryId,
    expiresAtMs,
    status: over ? "expired" : status,
    page: await sessions.page(origin),
  };
}

async function brokerView({ broker }: Services, last: Seen): Promise<BrokerView> {
  const enrolled = await broker.enrolled();
  if (!enrolled) return { status: "none", url: null, bid: null };
  return { status: last.answers ? "ok" : "unreachable", url: enrolled.url, bid: enrolled.bid };
}

function deviceView(device: Device, last: Seen, handedOver: ReadonlySet<string>, nowMs: number): DeviceView {
  const { grant: _grant, seq: _seq, owner: _owner, ...shown } = device;
  const seen = last.devices[device.did];
  return { ...shown, mode: "sealed", lastUsedAtMs: seen?.lastUsedAtMs ?? null, status: statusOf() };

  function statusOf(): DeviceView["status"] {
    if (device.expiresAtMs <= nowMs) return "expired";
    if (seen?.left) return "signed-off";
    return handedOver.has(device.did) ? "ready" : "waiting";
  }
}
