import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SocketAnswer, sendBytes } from "../support/raw-socket.ts";
import { type PairedDevice, startWorld, type TestWorld } from "../support/world.ts";

/*
 * Requests that two servers in a row would read differently, byte by byte. A good request is hidden in each, by a device
 * that may make it: if a second request is ever read out of the first, or a header counts that should not, one succeeds.
 */
let world: TestWorld;
let device: PairedDevice;
beforeAll(async () => {
  world = await startWorld();
  device = await world.pairedDevice();
});
afterAll(() => world?.[Symbol.asyncDispose]());

interface Good {
  readonly head: Record<string, string>;
  readonly body: string;
}

async function goodRequest(): Promise<Good> {
  const body = JSON.stringify({ grant: device.grant });
  const head = {
    Host: "127.0.0.1",
    "Content-Type": "application/jc+json",
    "JC-Version": "1",
    ...(await device.prove("/v1/envelope", body)),
    "Content-Length": String(body.length),
    Connection: "close",
  };
  return { head, body };
}

const lines = (head: Record<string, string>, eol = "\r\n"): string =>
  Object.entries(head)
    .map(([name, value]) => `${name}: ${value}${eol}`)
    .join("");

const whole = ({ head, body }: Good, start = "POST /v1/envelope HTTP/1.1"): string =>
  `${start}\r\n${lines(head)}\r\n${body}`;

const without = (head: Record<string, string>, ...names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(head).filter(([name]) => !names.includes(name)));

const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

/** Each a way to write the good request so that it must not be taken for one. */
const CASES: Record<string, (good: Good) => string> = {
  "two lengths": (g) => whole({ ...g, head: { ...g.head, "content-length": "0" } }),
  "a length in a list": (g) => whole({ ...g, head: { ...g.head, "Content-Length": `${g.body.length}, 0` } }),
  "a negative length": (g) => whole({ ...g, head: { ...g.head, "Content-Length": "-1" } }),
  "a length with a sign": (g) => whole({ ...g, head: { ...g.head, "Content-Length": `+${g.body.length}` } }),
  "a length in hex": (g) =>
    whole({ ...g, head: { ...g.head, "Content-Length": `0x${g.body.length.toString(16)}` } }),
  "chunks that are not": (g) =>
    whole({ ...g, head: { ...without(g.head, "Content-Length"), "Transfer-Encoding": "xchunked" } }),
  "a chunk of a wrong size": (g) =>
    whole({
      head: { ...without(g.head, "Content-Length"), "Transfer-Encoding": "chunked" },
      body: `ffffffffffffffff1\r\n${g.body}\r\n0\r\n\r\n`,
    }),
  "a space before the colon": (g) =>
    `POST /v1/envelope HTTP/1.1\r\n${lines(g.head).replace("JC-Proof:", "JC-Proof :")}\r\n${g.body}`,
  "a folded header": (g) =>
    `POST /v1/envelope HTTP/1.1\r\n${lines(g.head).replace("JC-Version: 1", "JC-Version:\r\n 2")}\r\n${g.body}`,
  "two proofs": (g) => whole({ ...g, head: { ...g.head, "jc-proof": "a.b.c" } }),
  "two users": (g) => whole({ ...g, head: { ...g.head, "jc-user": "a".repeat(26) } }),
  "two versions": (g) => whole({ ...g, head: { ...g.head, "jc-version": "1" } }),
  "two hosts": (g) => whole({ ...g, head: { ...g.head, host: "broker.example" } }),
  "no host": (g) => whole({ ...g, head: without(g.head, "Host") }),
  "a host with a user": (g) => whole({ ...g, head: { ...g.head, Host: "127.0.0.1@broker.example" } }),
  "an origin beside": (g) => whole({ ...g, head: { ...g.head, Origin: "https://acme.awsapps.com" } }),
  "a method in small letters": (g) => whole(g, "post /v1/envelope HTTP/1.1"),
  "a method of its own": (g) => whole(g, "JC /v1/envelope HTTP/1.1"),
  "a GET with a body": (g) => whole(g, "GET /v1/envelope HTTP/1.1"),
  "a method override": (g) =>
    whole({ ...g, head: { ...g.head, "X-HTTP-Method-Override": "POST" } }, "PUT /v1/envelope HTTP/1.1"),
  "a path override": (g) =>
    whole({ ...g, head: { ...g.head, "X-Original-URL": "/v1/envelope" } }, "POST /v1/nothing HTTP/1.1"),
  "a null in a header": (g) => whole({ ...g, head: { ...g.head, "JC-Version": "1\u0000" } }),
  "a path that never ends": (g) => whole(g, `POST /v1/envelope${"/".repeat(200_000)} HTTP/1.1`),
  "version 0.9": (g) => whole(g, "POST /v1/envelope"),
  "version 2": () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "an upgrade": (g) =>
    whole({ ...g, head: { ...g.head, Connection: "Upgrade", Upgrade: "h2c" } }, "GET /v1/envelope HTTP/1.1"),
  "no HTTP at all": () => "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
  "nothing but line ends": () => "\r\n".repeat(5_000),
};

/** Read as the good request that they are, once. They show that the others could be. */
const GOOD: Record<string, (good: Good) => string> = {
  "as it is": (g) => whole(g),
  "in one chunk": (g) =>
    whole({
      head: { ...without(g.head, "Content-Length"), "Transfer-Encoding": "chunked" },
      body: chunked(g.body),
    }),
  // The runtime's own HTTP server is lenient here. No proxy stands before it that could read them in another way, and
  // what it reads is what was signed: path, method and body.
  "a length and chunks": (g) =>
    whole({ head: { ...g.head, "Transfer-Encoding": "chunked" }, body: chunked(g.body) }),
  "chunks twice": (g) =>
    whole({
      head: { ...without(g.head, "Content-Length"), "Transfer-Encoding": "chunked, chunked" },
      body: chunked(g.body),
    }),
  "another host in the first line": (g) => whole(g, "POST http://broker.example/v1/envelope HTTP/1.1"),
  "a header that never ends": (g) => whole({ ...g, head: { ...g.head, "X-Long": "x".repeat(300_000) } }),
};

function expectRefused({ statuses, error, text }: SocketAnswer): void {
  expect(error, text).toBeUndefined();
  expect(statuses.filter((status) => status < 400)).toEqual([]);
  // Its own HTTP server says 501 to a method it does not know; everything else is the sender's fault.
  expect(statuses.filter((status) => status >= 500 && status !== 501)).toEqual([]);
}

describe("requests that can be read in two ways", () => {
  it.each(Object.keys(GOOD))("D-4: the good request, %s, is taken", async (name) => {
    const { statuses } = await sendBytes(world.broker.url, GOOD[name]!(await goodRequest()));
    expect(statuses).toEqual([200]);
  });

  it.each(Object.keys(CASES))("D-4: %s", async (name) => {
    expectRefused(await sendBytes(world.broker.url, CASES[name]!(await goodRequest())));
  });

  it("D-4: a second request behind the declared end of the first is one of its own, and refused as such", async () => {
    const good = await goodRequest();
    const hidden = whole(good);
    const stays = { ...good, head: without(good.head, "Connection") };
    const outer = { head: { ...stays.head, "Content-Length": "2" }, body: "{}" };
    const { statuses, text } = await sendBytes(world.broker.url, whole(outer) + hidden);
    // The first is not signed over `{}`; the second is a good one, sent by whoever made it, and counts once.
    expect(statuses, text).toEqual([400, 200]);
    const again = await sendBytes(world.broker.url, whole(stays) + hidden);
    expect(again.statuses).toEqual([409, 409]);
  });
});
