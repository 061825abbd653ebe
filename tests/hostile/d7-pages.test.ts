import { SOCKET_PATH } from "@jcfetch/shared/protocol/relay";
import { CONTENT_TYPE, HEADERS } from "@jcfetch/shared/protocol/version";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { post } from "../support/clients.ts";
import { fingerprint } from "../support/databases.ts";
import {
  BROWSERS,
  type BrowserName,
  type EitherBrowser,
  openEither,
  type Tab,
} from "../support/either-browser.ts";
import { openMailbox } from "../support/mailbox-cases.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { type HostileSite, startHostileSite } from "./pages/serve.ts";
import { measured, scale } from "./scale.ts";

/*
 * Web pages against a broker on the same computer. What they fire is live: a mailbox that anybody may join who knows its id,
 * a request and a hello for the socket that an extension signed and never sent. After each attack a program fires the same, and is served.
 */

const REBOUND = "rebound.example";

/** In hostile/pages/vectors.js, and how many requests each sends; DNS rebinding, the twelfth, has a test of its own. */
const VECTORS = {
  "simple POST": 3,
  "JSON POST with the protocol's headers": 3,
  "form POST": 1,
  image: 1,
  EventSource: 1,
  WebSocket: 2,
  "service worker": 2,
  "sandboxed frame without an origin": 2,
  "embedding frame": 1,
  sendBeacon: 2,
  "preload, style and script": 4,
} as const;
type Vector = keyof typeof VECTORS;
/** Those whose answer goes into a frame. */
const INTO_FRAMES: ReadonlySet<Vector> = new Set(["form POST", "embedding frame"]);
/** Another port of the broker's own host; in full also another site. */
const HOSTS = ["127.0.0.1", "hostile.localhost"].slice(0, scale(1, 2));

interface Shot {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What a page gets to fire with. */
interface Ammunition {
  readonly join: Shot;
  readonly signed: Shot;
  readonly socket: string;
  readonly hello: readonly string[];
}

let world: TestWorld;
let site: HostileSite;
let ammunition: Ammunition;

const headers = { "content-type": CONTENT_TYPE, [HEADERS.version]: "1" };

/** Ammunition, and a broker that has nothing open: from here on only a request can make it write. */
async function load(): Promise<Ammunition> {
  const device = await world.pairedDevice();
  const { extension } = device.user;
  const mailbox = await openMailbox(world);
  const { url } = world.broker;
  await world.broker.restart();
  const drop = JSON.stringify({});
  const signed = { ...headers, ...(await extension.prove("/v1/envelopes/drop", drop)) };
  return {
    join: { url: `${url}/v1/pairing/join`, headers, body: JSON.stringify({ m: mailbox.m }) },
    signed: { url: `${url}/v1/envelopes/drop`, headers: signed, body: drop },
    socket: `${url.replace("http", "ws")}${SOCKET_PATH}`,
    hello: await extension.authority.socketProtocols(),
  };
}

beforeAll(async () => {
  world = await startWorld();
  site = await startHostileSite();
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ammunition = await load();
});
afterEach(async () => {
  const untouched = await fingerprint(world.broker);
  for (const { url, headers: of, body } of [ammunition.join, ammunition.signed]) {
    const { origin, pathname } = new URL(url);
    expect(await post(origin, pathname, { headers: of, body })).toMatchObject({ status: 200 });
  }
  expect(await fingerprint(world.broker)).not.toEqual(untouched);
  await opened(new WebSocket(ammunition.socket, [...ammunition.hello]));
});

const opened = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error("the socket did not open"));
    socket.onopen = () => {
      socket.close();
      resolve();
    };
  });

interface LogLine {
  readonly path: string;
  readonly status: number;
  readonly code: string;
}

const logSince = (mark: number): LogLine[] =>
  world.broker
    .log()
    .slice(mark)
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as LogLine);

/** Runs an attack of some requests; they must reach the broker, and leave nothing behind there. */
async function nothingComesOf(
  requests: number,
  attack: () => Promise<unknown>,
): Promise<{ read: unknown; lines: LogLine[] }> {
  const before = await fingerprint(world.broker);
  const mark = world.broker.log().length;
  const read = await attack();
  await expect.poll(() => logSince(mark).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(requests);
  const lines = logSince(mark);
  expect(lines.filter(({ code, status }) => code === "ok" || status < 400)).toEqual([]);
  expect(await fingerprint(world.broker)).toEqual(before);
  return { read, lines };
}

/** @returns what the page could read of the answer. */
async function attackIn(tab: Tab, vector: Vector): Promise<unknown> {
  const attack = `attack(${JSON.stringify(vector)}, ${JSON.stringify(ammunition)})`;
  if (!INTO_FRAMES.has(vector)) return tab.evaluate(attack);
  const answered = tab.answerFrom(ammunition.join.url);
  await tab.evaluate(attack);
  await answered;
  return tab.evaluate("seen()");
}

describe.each(BROWSERS)("D-7: a hostile page in %s", (name: BrowserName) => {
  let browser: EitherBrowser;
  beforeAll(async () => {
    browser = await openEither(name, { loopbackNames: [REBOUND] });
  });
  afterAll(() => browser[Symbol.asyncDispose]());
  beforeEach((test) => measured(test, `${name}, from ${HOSTS.join(" and ")}`));

  it.each(Object.keys(VECTORS) as Vector[])("D-7: %s", async (vector) => {
    for (const host of HOSTS) {
      await using tab = await browser.newTab();
      await tab.goto(`http://${host}:${site.port}/`);
      const { read } = await nothingComesOf(VECTORS[vector], () => attackIn(tab, vector));
      expect(read).toBeNull();
    }
  });

  it("D-7: DNS rebinding", async () => {
    await using tab = await browser.newTab();
    const own = new URL(world.broker.url);
    own.hostname = REBOUND;
    await tab.gotoStandIn(own.href, "<!doctype html><title>mine</title>");
    const shots = JSON.stringify([ammunition.join, ammunition.signed]);
    const fire = `Promise.all(${shots}.map(async ({ url, headers, body }) =>
      (await fetch(new URL(url).pathname, { method: "POST", headers, body })).text()))`;
    const socket = JSON.stringify([`ws://${own.host}${SOCKET_PATH}`, ammunition.hello]);
    const open = `new Promise((resolve) => {
      const socket = new WebSocket(...${socket});
      socket.onopen = () => resolve("a socket");
      socket.onclose = () => resolve(null);
    })`;
    const { read, lines } = await nothingComesOf(3, async () => {
      expect(await tab.evaluate(open)).toBeNull();
      return tab.evaluate(fire);
    });
    // The page is of the broker's own origin as the browser sees it, so it may read: that it is not welcome.
    expect((read as string[]).map((text) => JSON.parse(text).code)).toEqual(["host", "host"]);
    expect(new Set(lines.map(({ code }) => code))).toEqual(new Set(["host"]));
  });
});
