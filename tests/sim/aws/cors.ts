import type { MiddlewareHandler } from "hono";
import type { World } from "../world.ts";

const ALLOWED_HEADERS =
  "x-amz-sso_bearer_token, x-amz-sso-bearer-token, x-amz-sso-csrf-token, content-type, authorization";

/**
 * Answers the portal's own origins and no other. A stranger's preflight gets no permission, so a call made from
 * the context of some other page fails in the browser, as it would with AWS.
 */
export function portalCors(world: World): MiddlewareHandler {
  const allowed = new Set(
    [...world.directories.values()].flatMap(({ hosts }) => hosts.map((host) => `https://${host}`)),
  );
  return async (context, next) => {
    const origin = context.req.header("origin");
    const known = origin !== undefined && allowed.has(origin);
    if (context.req.method === "OPTIONS") {
      const headers = known
        ? {
            "access-control-allow-origin": origin,
            "access-control-allow-headers": ALLOWED_HEADERS,
            "access-control-allow-methods": "GET, POST, OPTIONS",
            "access-control-allow-credentials": "true",
            "access-control-max-age": "600",
          }
        : {};
      return new Response(null, { status: known ? 200 : 403, headers: { ...headers, vary: "origin" } });
    }
    await next();
    if (known) {
      context.res.headers.set("access-control-allow-origin", origin);
      context.res.headers.set("access-control-allow-credentials", "true");
      context.res.headers.set("access-control-expose-headers", "x-amzn-requestid, x-amzn-errortype, date");
    }
    context.res.headers.append("vary", "origin");
    return undefined;
  };
}
