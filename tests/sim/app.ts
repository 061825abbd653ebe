import type { Hono } from "hono";
import { portalApi } from "./aws/portal-api.ts";
import { s3 } from "./aws/s3.ts";
import { signedService } from "./aws/sigv4.ts";
import { sts } from "./aws/sts.ts";
import type { Parts } from "./parts.ts";

/** One door for the whole world: the Host header says which of its services is meant. */
export function makeApp(parts: Parts): (request: Request) => Promise<Response> {
  const { world } = parts;
  const portal = portalApi(parts);
  const identity = sts(parts);
  const storage = s3(parts);

  function servicesFor(request: Request): readonly Hono[] {
    const { hostname, pathname } = new URL(request.url);
    if (/^portal\.sso(-fips)?\./.test(hostname)) return [portal];
    if (/^sts\./.test(hostname)) return [identity];
    if (/^s3[.-]/.test(hostname)) return [storage];
    if (!isLoopback(hostname)) return [];
    if (pathname !== "/") return [portal];
    const signedFor = signedService(request);
    return signedFor === "s3" ? [storage] : [identity];
  }

  return async (request) => {
    for (const service of servicesFor(request)) {
      const response = await service.fetch(request);
      if (response.status !== 404 || response.headers.has("x-amzn-requestid")) return dated(response);
    }
    return dated(unknownCall(request));
  };

  function unknownCall(request: Request): Response {
    const { host, pathname } = new URL(request.url);
    if (pathname === "/favicon.ico") return new Response(null, { status: 404 });
    const call = `${request.method} ${host}${pathname}`;
    world.unknownCalls.push(call);
    return new Response(`The simulator does not know this call: ${call}\n`, { status: 500 });
  }

  /** Every answer carries the world's time, from which clients reckon their own error. */
  function dated(response: Response): Response {
    const headers = new Headers(response.headers);
    headers.set("date", new Date(world.clock.nowMs()).toUTCString());
    return new Response(response.body, { status: response.status, headers });
  }
}

const isLoopback = (hostname: string): boolean => /^(127\.|localhost$|\[::1\]$)/.test(hostname);
