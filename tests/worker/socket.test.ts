import { existsSync } from "node:fs";
import { request } from "node:http";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { HELLO_PREFIX, SOCKET_PATH, SOCKET_PROTOCOL } from "@jcfetch/shared/protocol/relay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowserSide } from "../support/browser-side.ts";
import type { TestExtension } from "../support/clients.ts";
import { vaultFileOf } from "../support/databases.ts";
import { S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

type Headers = Record<string, string>;
interface Outcome {
  readonly status: number;
  readonly code: string | undefined;
}

/** An upgrade as a browser sends it, with any header put wrong. */
function upgrade(headers: Headers, method = "GET"): Promise<Outcome> {
  const wanted = {
    ...{ connection: "upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
    ...{ "sec-websocket-key": Buffer.alloc(16, 7).toString("base64"), ...headers },
  };
  return new Promise((resolve, reject) => {
    const asked = request(world.broker.url + SOCKET_PATH, { method, headers: wanted, agent: false });
    asked.on("upgrade", ({ statusCode }, socket) => {
      socket.destroy();
      resolve({ status: statusCode ?? 0, code: undefined });
    });
    asked.on("response", async (response) => {
      let text = "";
      for await (const part of response) text += String(part);
      const code = text === "" ? undefined : (JSON.parse(text) as { code?: string }).code;
      resolve({ status: response.statusCode ?? 0, code });
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** The two subprotocols, with any claim of the hello put wrong. */
async function hello(
  extension: TestExtension,
  wrong: object = {},
  typ = "jc-ext+jwt" as const,
): Promise<Headers> {
  const [, good] = await extension.authority.socketProtocols();
  const [, payload] = good.slice(HELLO_PREFIX.length).split(".");
  const claims = JSON.parse(Buffer.from(payload!, "base64url").toString()) as object;
  const jws = await signDocument(typ, { ...claims, ...wrong }, extension.signing.privateKey);
  return { "sec-websocket-protocol": `${SOCKET_PROTOCOL}, ${HELLO_PREFIX}${jws}` };
}

describe("the hello of a socket", () => {
  it("[RM1] opens it once", async () => {
    const { extension } = await world.enrolledUser();
    const headers = await hello(extension);
    expect(await upgrade(headers)).toEqual({ status: 101, code: undefined });
    expect(await upgrade(headers)).toEqual({ status: 409, code: "replay" });
  });

  it.each([
    ["for another path", { p: "/v1/devices" }, "unknown"],
    ["made for POST", { htm: "POST" }, "unknown"],
    ["for another broker", { bid: "B".repeat(43) }, "unknown"],
    ["over a body", { bd: "B".repeat(43) }, "unknown"],
    ["without the mark of a member", { member: undefined }, "unknown"],
    ["with another's mark", { member: "A".repeat(22) }, "unknown"],
    ["of an hour ago", { iat: Math.floor(Date.now() / 1_000) - 3_600 }, "clock-skew"],
    ["with something more in it", { more: 1 }, "unknown"],
  ])("[RM1] is refused %s, before there is a socket", async (_, wrong, code) => {
    const { extension } = await world.enrolledUser();
    expect((await upgrade(await hello(extension, wrong))).code).toBe(code);
  });

  it("[RM1] is refused when it is not there, not alone, or not what it should be", async () => {
    const { extension } = await world.enrolledUser();
    const good = (await hello(extension))["sec-websocket-protocol"]!;
    for (const offered of [
      SOCKET_PROTOCOL,
      good.split(", ")[1]!,
      `${good}, more`,
      `${SOCKET_PROTOCOL}, ${HELLO_PREFIX}`,
      `${SOCKET_PROTOCOL}, ${HELLO_PREFIX}a.b.c`,
    ])
      expect((await upgrade({ "sec-websocket-protocol": offered })).code, offered).toBe("unknown");
    expect((await upgrade({})).code).toBe("unknown");
    expect((await upgrade({ "sec-websocket-protocol": good })).status).toBe(101);
  });

  it("[RM1] comes from where the extension enrolled, and from no page", async () => {
    const { extension } = await world.enrolledUser(); // a program, which has no origin
    const from = async (origin: string): Promise<Outcome> => upgrade({ ...(await hello(extension)), origin });
    expect((await from("https://acme.awsapps.com")).code).toBe("origin");
    expect((await from("null")).code).toBe("origin");
    expect((await from(`chrome-extension://${"a".repeat(32)}`)).code).toBe("origin");
    expect((await upgrade({ ...(await hello(extension)), host: "broker.example.org" })).code).toBe("host");
    expect((await upgrade(await hello(extension))).status).toBe(101);
  });

  it("[RM1] opens nothing without an upgrade, and nothing but GET", async () => {
    const { extension } = await world.enrolledUser();
    const headers = await hello(extension);
    expect((await upgrade(headers, "POST")).code).toBe("method");
    const plain = await fetch(world.broker.url + SOCKET_PATH, { headers });
    expect(((await plain.json()) as { code: string }).code).toBe("bad-request");
  });

  it("[PF2] is good for nothing else: what was signed for GET is no proof of a POST", async () => {
    const { extension } = await world.enrolledUser();
    expect((await extension.send("/v1/devices", {}, { htm: "GET" })).code).toBe("unknown");
    expect((await extension.send("/v1/devices")).status).toBe(200);
  });
});

describe("a vault that has fallen asleep", () => {
  it("[RM2] [RM7] keeps its socket, and wakes up to be asked", async () => {
    await using own = await startWorld();
    const device = await own.pairedDevice({ modes: ["relay"], deposited: false });
    await using browser = await openBrowserSide(own, device.user);
    // The runtime closes the database of an object that it puts to sleep.
    const open = `${await vaultFileOf(own.broker)}-wal`;
    expect(existsSync(open)).toBe(true);
    await expect.poll(() => existsSync(open), { timeout: 60_000, interval: 200 }).toBe(false);

    const pong = new Promise((resolve) =>
      browser.socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
    );
    browser.ping();
    expect(await pong).toBe("pong");
    expect(existsSync(open)).toBe(false); // and nobody was woken for it
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    expect(browser.asked.length).toBe(1);
  });
});
