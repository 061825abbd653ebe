import { connect } from "node:net";
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { WIRE_ERRORS } from "@jcfetch/shared/protocol/errors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newExtension, post, type RawAnswer } from "../support/clients.ts";
import { sealToken } from "../support/enrolment.ts";
import { rawRequest } from "../support/raw-http.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
let url: string;
beforeAll(async () => {
  world = await startWorld();
  url = world.broker.url;
});
afterAll(() => world?.[Symbol.asyncDispose]());

const codeFor = async (headers: Record<string, string>): Promise<string | undefined> =>
  (await rawRequest(url, "/v1/health", { headers })).code;

const CHROMIUM = `chrome-extension://${"abcdefghijklmnop".repeat(2)}`;
const FIREFOX = "moz-extension://0c2b5a3e-9d1f-4e5c-8a7b-1f2e3d4c5b6a";

describe("who is let in", () => {
  it.each(["127.0.0.1", "127.0.0.1:1", "localhost:8787", "[::1]:8787"])(
    "[HT4] answers under %s",
    async (host) => {
      expect(await codeFor({ host })).toBeUndefined();
    },
  );

  it.each([
    "broker.example.org",
    "127.0.0.1.example.org",
    "localhost.example.org",
    "example.org:127.0.0.1",
    "127.0.0.2",
    "127.1",
    "0.0.0.0",
    "localhost.",
    "[::ffff:127.0.0.1]",
  ])("[HT4] does not answer under %s", async (host) => {
    const { status, code } = await rawRequest(url, "/v1/health", { headers: { host } });
    expect([status, code]).toEqual([421, "host"]);
  });

  it.each([
    "https://acme.awsapps.com",
    "http://localhost:3000",
    "http://127.0.0.1",
    "null",
    "chrome-extension://short",
    "https://chrome-extension",
    `${CHROMIUM}.example.org`,
  ])("[HT5] refuses the origin %s", async (origin) => {
    expect(await codeFor({ origin })).toBe("origin");
  });

  it.each(["cross-site", "same-site", "same-origin"])(
    "[HT5] refuses what a browser marks %s",
    async (site) => {
      expect(await codeFor({ "sec-fetch-site": site })).toBe("origin");
    },
  );

  it.each([CHROMIUM, FIREFOX])("[HT5] lets %s in", async (origin) => {
    expect(await codeFor({ origin, "sec-fetch-site": "cross-site" })).toBeUndefined();
  });

  it("[HT5] lets a browser's own request in", async () => {
    expect(await codeFor({ "sec-fetch-site": "none" })).toBeUndefined();
  });

  it("[HT6] holds a user to the origin that enrolled", async () => {
    const extension = await newExtension(world.at);
    const { token } = (await decodeEnrolmentCode(await world.broker.newEnrolmentCode()))!;
    const body = await sealToken(world.at, extension.uid, token);
    const enrolled = await extension.send("/v1/enrol", body, {}, { origin: CHROMIUM });
    expect(enrolled.status).toBe(200);
    extension.mark.member = enrolled.json.member as string;

    const codes = [CHROMIUM, FIREFOX, `chrome-extension://${"p".repeat(32)}`].map(async (origin) => {
      const { code, status } = await extension.send("/v1/devices", {}, {}, { origin });
      return code ?? status;
    });
    expect(await Promise.all(codes)).toEqual([200, "origin", "origin"]);
    expect((await extension.send("/v1/devices")).status).toBe(200);
  });

  it("[HT6] refuses an origin where the user enrolled with none", async () => {
    const device = await world.pairedDevice();
    const { code } = await device.send("/v1/envelope", { grant: device.grant }, {}, { origin: CHROMIUM });
    expect(code).toBe("origin");
  });

  it.each(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])(
    "[HT1] does nothing on %s",
    async (method) => {
      const answer = await rawRequest(url, "/v1/keys", { method });
      expect(answer.status).toBe(405);
      expect(await rawRequest(url, "/v1/none", { method })).toMatchObject({ status: 404 });
    },
  );

  it.each(["/", "/v1/", "/v1/keys/", "/v1//keys", "/V1/keys", "/v1/keys%00", "/cdn-cgi/explorer/api"])(
    "[HT1] has no %s",
    async (path) => {
      expect((await post(url, path)).code).toBe("not-found");
    },
  );

  it("[HT2] wants its content type to the letter", async () => {
    for (const type of ["text/plain", "application/json", "application/jc+json; charset=utf-8", ""]) {
      expect(await codeFor({ "content-type": type }), type).toBe("type");
    }
  });

  it("[HT2] refuses every version but its own", async () => {
    for (const version of ["0", "2", "01", "1.0", "1, 1", ""]) {
      expect(await codeFor({ "jc-version": version }), version).toBe("version");
    }
  });
});

describe("a body", () => {
  it("[HT3] may have 16,384 bytes and not one more", async () => {
    expect((await post(url, "/v1/health", { body: `${" ".repeat(16_382)}{}` })).status).toBe(200);
    expect((await post(url, "/v1/health", { body: `${" ".repeat(16_383)}{}` })).code).toBe("too-large");
  });

  it("[HT3] that does not end is refused while it is still being sent", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const head =
      "POST /v1/health HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/jc+json\r\njc-version: 1\r\n";
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 17; i++) socket.write(`400\r\n${"x".repeat(1024)}\r\n`);
    const answer = await firstLineOf(socket);
    expect(answer).toContain("413");
  });

  it("[HT3] that stops coming is given up after some seconds", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const head =
      "POST /v1/health HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/jc+json\r\njc-version: 1\r\n";
    socket.write(`${head}content-length: 100\r\n\r\n{`);
    expect(await firstLineOf(socket)).toContain("400");
  });

  it.each(["", "{", "null", "[]", '"x"', "1", '{"__proto__":{}}', '{"constructor":1}', '{"ok":true}'])(
    "[HT7] %j does not fit and is not echoed",
    async (body) => {
      const answer = await post(url, "/v1/health", { body });
      expect(answer.code).toBe("bad-request");
      expect(answer.json.title).toBe(WIRE_ERRORS["bad-request"].title);
    },
  );

  it("[HT7] that is not UTF-8 does not fit", async () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect((await rawRequest(url, "/v1/health", { body })).code).toBe("bad-request");
  });
});

describe("the request log", () => {
  it("[HT10] has one line a request, of five fields, and repeats nothing that was sent", async () => {
    const unknown = await post(url, "/v1/canary-in-the-path");
    await post(url, "/v1/health?canary-in-the-query");
    const refused = await post(url, "/v1/pairing/join", { body: { m: "canaryinthebody".padEnd(43, "A") } });

    const lineOf = async ({ json }: RawAnswer): Promise<unknown> =>
      JSON.parse(await world.broker.logged(json.trace as string));
    expect(await lineOf(unknown)).toMatchObject({ path: "other", status: 404, code: "not-found" });
    const { path } = ENDPOINTS.joinPairing;
    expect(await lineOf(refused)).toMatchObject({ path, status: 410, code: "pairing-unknown" });
    for (const line of world.broker.log().trim().split("\n")) {
      expect(Object.keys(JSON.parse(line)).sort()).toEqual(["code", "ms", "path", "status", "trace"]);
      expect(line).not.toContain("canary");
    }
  });
});

function firstLineOf(socket: ReturnType<typeof connect>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (!text.includes("\r\n")) return;
    resolve(text.slice(0, text.indexOf("\r\n")));
    socket.destroy();
  });
  socket.on("error", reject);
  socket.on("close", () => reject(new Error(`closed without an answer: ${text}`)));
  return promise;
}
