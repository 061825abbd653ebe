import type { Hono } from "hono";
import type { Directory } from "../directory.ts";
import { htmlResponse } from "../html.ts";
import { garbage, operationsOf, type Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import { portalPage } from "./page.ts";

/** The host names under which a directory's access portal is reached. */
export function portalPages(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, (answer, status) =>
    answer === "garbage"
      ? garbage()
      : new Response(null, { status: answer === "error" ? (status ?? 500) : 403 }),
  );
  const drawn = (directory: Directory, generation: string | undefined): Directory["portal"] =>
    generation === "1" || generation === "2" || generation === "3"
      ? { ...directory.portal, generation: Number(generation) as 1 | 2 | 3 }
      : directory.portal;

  const draw = operation("PortalPage", (context) => {
    const address = new URL(context.req.url);
    const { pathname, search } = address;
    const directory = world.findDirectory((one) => one.homeAt(address) !== undefined);
    const home = directory?.homeAt(address);
    if (directory === undefined || home === undefined) return context.notFound();
    return pathname === home
      ? htmlResponse(
          portalPage(
            directory,
            drawn(directory, context.req.query("generation")),
            context.req.query("change") ?? null,
          ),
        )
      : context.redirect(home + search, 302);
  });
  app.get("/start", draw);
  app.get("/directory/:name", draw);
  app.get("/", draw);
  return app;
}
