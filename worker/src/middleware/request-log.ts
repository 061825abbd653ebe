import { base64url } from "@jcfetch/shared/crypto/encoding";
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app.ts";
import type { Ports } from "../ports.ts";

const TRACE_BYTES = 9;
const KNOWN_PATHS: ReadonlySet<string> = new Set(Object.values(ENDPOINTS).map(({ path }) => path));

/** [HT9] On every answer, refusals included. */
export const ANSWER_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
} as const;

export const newTrace = (): string => base64url(crypto.getRandomValues(new Uint8Array(TRACE_BYTES)));

/** [HT10] One line a request. A path that is not ours is not repeated: it could hold anything. */
export function requestLog({ now, log }: Pick<Ports, "now" | "log">): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedMs = now();
    const trace = newTrace();
    c.set("trace", trace);
    await next();
    for (const [name, value] of Object.entries(ANSWER_HEADERS)) c.res.headers.set(name, value);
    const path = KNOWN_PATHS.has(c.req.path) ? c.req.path : "other";
    const { status } = c.res;
    log(JSON.stringify({ path, status, code: c.get("code") ?? "ok", ms: now() - startedMs, trace }));
  };
}
