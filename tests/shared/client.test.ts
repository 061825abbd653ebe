import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { callBroker } from "@jcfetch/shared/client";
import { digest } from "@jcfetch/shared/crypto/encoding";
import { health, keys } from "@jcfetch/shared/protocol/endpoints";
import { afterEach, describe, expect, it } from "vitest";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function answering(listener: RequestListener, timeoutMs = 2_000) {
  server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server!.once("listening", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fetch, timeoutMs };
}

const problem =
  (code: string, extra: object = {}): RequestListener =>
  (_, response) => {
    response.writeHead(429, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({ type: "about:blank", title: "t", status: 429, code, trace: "abc", ...extra }),
    );
  };

describe("a call to the broker", () => {
  it("[PF1] signs the very bytes that are sent", async () => {
    let signed = "";
    const ports = await answering(async (request, response) => {
      const chunks = await request.toArray();
      expect(await digest(Buffer.concat(chunks))).toBe(signed);
      expect(request.headers).toMatchObject({
        "content-type": "application/jc+json",
        "jc-version": "1",
        "jc-proof": "p",
      });
      response.end(JSON.stringify({ ok: true, version: 1 }));
    });
    const answer = await callBroker(ports, health, {}, async (path, bodyDigest) => {
      expect(path).toBe("/v1/health");
      signed = bodyDigest;
      return { "JC-Proof": "p" };
    });
    expect(answer).toEqual({ ok: true, value: { ok: true, version: 1 } });
  });

  it("[HT8] gives the broker's code, trace and waiting time", async () => {
    const ports = await answering(problem("rate", { retryAfter: 7 }));
    const error = { code: "rate", trace: "abc", retryAfterSeconds: 7 };
    expect(await callBroker(ports, health, {})).toEqual({ ok: false, error });
  });

  it.each([
    ["a code that is not in the table", problem("made-up")],
    ["a trace that would steer a terminal", problem("rate", { trace: "\u001b[2J" })],
    ["a waiting time without end", problem("rate", { retryAfter: 1e300 })],
    ["an answer of another shape", (_, response) => response.end('{"ok":true,"version":1,"extra":1}')],
    ["text that is no JSON", (_, response) => response.end("<html>")],
    ["more than 64 KiB", (_, response) => response.end(`{"keyset":"${"a".repeat(70_000)}"}`)],
    [
      "[HT11] a redirect",
      (_, response) => {
        response.writeHead(307, { location: "http://127.0.0.1:1/v1/health" });
        response.end();
      },
    ],
  ] as [string, RequestListener][])("[HT11] refuses %s", async (_, listener) => {
    const ports = await answering(listener);
    expect(await callBroker(ports, health, {})).toEqual({ ok: false, error: { code: "answer-refused" } });
  });

  it("[HT11] stops waiting for a broker that does not answer", async () => {
    const ports = await answering(() => {}, 100);
    expect(await callBroker(ports, keys, {})).toEqual({ ok: false, error: { code: "broker-unreachable" } });
  });

  it("[CL5] says so when nobody listens", async () => {
    const ports = await answering(() => {});
    server!.close();
    expect(await callBroker(ports, keys, {})).toEqual({ ok: false, error: { code: "broker-unreachable" } });
  });
});
