import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Duplex } from "node:stream";
import { SECOND_MS } from "@jcfetch/shared/time";
import { type ProxySetting, parseProxy, proxyAuthorization, shownProxy } from "./proxy.ts";

/** The proxy is at fault, not the host behind it. Its message may be shown. */
export class ProxyError extends Error {
  readonly needsPassword: boolean;

  constructor(message: string, needsPassword = false) {
    super(message);
    this.needsPassword = needsPassword;
  }
}

/** @throws ProxyError */
export function readProxy({ variable, address }: ProxySetting): URL {
  const proxy = parseProxy(address);
  if (!proxy) throw new ProxyError(`${variable} is no address of an HTTP proxy`);
  return proxy;
}

/** Longer than any call waits: who asked has gone, and what is left open then, a program that lives long would keep. */
const WITHIN_MS = 60 * SECOND_MS;

/**
 * A connection through a proxy to a host, by which bytes go unread.
 *
 * @throws ProxyError when the proxy is not there or refuses.
 * @source RFC 9110, section 9.3.6 (CONNECT)
 */
export function openTunnel(
  proxy: URL,
  target: URL,
  signal?: AbortSignal,
  withinMs = WITHIN_MS,
): Promise<Duplex> {
  const authority = `${target.hostname}:${target.port || 443}`;
  const options = {
    host: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    method: "CONNECT",
    path: authority,
    headers: { host: authority, ...proxyAuthorization(proxy) },
    agent: false as const,
    ...(signal ? { signal } : {}),
  };
  const place = shownProxy(proxy);
  return new Promise((resolve, reject) => {
    const asked = proxy.protocol === "https:" ? requestHttps(options) : requestHttp(options);
    const late = Object.assign(new Error(), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => asked.destroy(late), withinMs);
    timer.unref();
    asked.once("close", () => clearTimeout(timer));
    const refused = (status: number | undefined): void =>
      reject(
        new ProxyError(`the proxy ${place} refuses to connect to ${authority} (${status})`, status === 407),
      );
    asked.once("error", ({ message, ...error }) => {
      const code = "code" in error ? String(error.code) : message;
      reject(new ProxyError(`the proxy ${place} does not answer (${code})`));
    });
    asked.once("connect", ({ statusCode }, socket) => {
      clearTimeout(timer);
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      return refused(statusCode);
    });
    asked.once("response", (answer) => {
      answer.destroy();
      refused(answer.statusCode);
    });
    asked.end();
  });
}
