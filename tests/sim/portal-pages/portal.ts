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

  app.get(
    "/start",
    operation("PortalPage", (context) => {
      const { pathname, search } = new URL(context.req.url);
      const directory = world.findDirectory(({ hosts }) => hosts.includes(new URL(context.req.url).hostname));
      if (directory === undefined) return new Response("No such portal\n", { status: 404 });
      // The portal lives below /start/; without the slash its relative addresses would miss.
      if (pathname === "/start") return context.redirect(`/start/${search}`, 302);
      return htmlResponse(portalPage(directory, drawn(directory, context.req.query("generation"))));
    }),
  );
  app.get("/", (context) => context.redirect("/start/", 302));
  return app;
}
