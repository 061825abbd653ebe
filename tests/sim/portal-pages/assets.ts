import type { Hono } from "hono";
import { fileServer } from "../files.ts";
import { makeService } from "../service.ts";

/** `assets.sso-portal.<region>.amazonaws.com`: the portal's script modules and styles, under any build stamp. */
export function portalAssets(): Hono {
  const app = makeService();
  const serve = fileServer(new URL("client/", import.meta.url));
  const headers = { "access-control-allow-origin": "*", "cache-control": "no-store" };
  app.get("/:build/:name", (context) => serve(context.req.param("name"), headers) ?? context.notFound());
  return app;
}
