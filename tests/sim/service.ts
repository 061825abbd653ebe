import { Hono } from "hono";

const UNKNOWN = "x-sim-unknown";

/** A service of the world. What it does not know it marks, so that the door can try the next one or complain. */
export function makeService(): Hono {
  const app = new Hono({ strict: false });
  app.notFound(() => new Response(null, { status: 404, headers: { [UNKNOWN]: "1" } }));
  return app;
}

export const isUnknown = (response: Response): boolean => response.headers.has(UNKNOWN);
