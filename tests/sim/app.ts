import type { Hono } from "hono";
import { consolePages, federation } from "./aws/console.ts";
import { portalApi } from "./aws/portal-api.ts";
import { s3 } from "./aws/s3.ts";
import { signedService } from "./aws/sigv4.ts";
import { sts } from "./aws/sts.ts";
import { controls } from "./control/controls.ts";
import { isLoopback, type ServiceName, serviceOf } from "./hosts.ts";
import { jumpcloudConsole } from "./jumpcloud/console-pages.ts";
import { samlIdp } from "./jumpcloud/saml-idp.ts";
import { oidcApi } from "./oidc/oidc.ts";
import type { Parts } from "./parts.ts";
import { portalAssets } from "./portal-pages/assets.ts";
import { portalPages } from "./portal-pages/portal.ts";
import { isUnknown, makeService } from "./service.ts";
import { signinService } from "./signin/signin.ts";

/** One door for the whole world: the Host header says which of its services is meant. */
export function makeApp(parts: Parts): (request: Request) => Promise<Response> {
  const { world } = parts;
  const portals = portalPages(parts);
  const control = controls(parts);
  const signin = signinService(parts);
  const services: Record<ServiceName, readonly Hono[]> = {
    "portal-api": [portalApi(parts)],
    oidc: [oidcApi(parts)],
    sts: [sts(parts)],
    s3: [s3(parts)],
    federation: [federation(parts), signin],
    console: [consolePages(parts)],
    signin: [signin],
    assets: [portalAssets()],
    telemetry: [telemetry()],
    jumpcloud: [jumpcloudConsole(parts)],
    saml: [samlIdp(parts)],
  };
  const portalHosts = new Set([...world.directories.values()].flatMap(({ hosts }) => hosts));

  function servicesFor(request: Request): readonly Hono[] {
    const { hostname, pathname } = new URL(request.url);
    if (portalHosts.has(hostname)) return [portals];
    const named = serviceOf(hostname);
    if (named !== undefined) return services[named];
    if (!isLoopback(hostname)) return [];
    if (pathname.startsWith("/__sim/")) return [control];
    if (pathname === "/") return signedService(request) === "s3" ? services.s3 : [...services.sts, control];
    return (["portal-api", "oidc", "federation"] as const).flatMap((name) => services[name]);
  }

  return async (request) => {
    for (const service of servicesFor(request)) {
      const response = await service.fetch(request);
      if (!isUnknown(response)) return dated(response);
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

/** Where portal pages report what they did; nobody listens. */
function telemetry(): Hono {
  const app = makeService();
  app.post("*", () => new Response(null, { status: 204 }));
  return app;
}
