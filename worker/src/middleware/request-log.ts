import { base64url } from "@jcfetch/shared/crypto/encoding";
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { SOCKET_PATH } from "@jcfetch/shared/protocol/relay";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app.ts";
import type { Config } from "../env.ts";
import type { Ports } from "../ports.ts";

const TRACE_BYTES = 9;
const SWITCHING_PROTOCOLS = 101;
const KNOWN_PATHS: ReadonlySet<string> = new Set([
  ...Object.values(ENDPOINTS).map(({ path }) => path),
  SOCKET_PATH,
]);

/** [HT9] On every answer, refusals included. */
const ANSWER_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
} as const;

/** [HT12] Two years, by which time nobody types `http` any more. A broker on this host has no certificate. */
const ENCRYPTED_ONLY = { "strict-transport-security": "max-age=63072000" };

export const answerHeaders = (local: boolean): Readonly<Record<string, string>> =>
  local ? ANSWER_HEADERS : { ...ANSWER_HEADERS, ...ENCRYPTED_ONLY };

export const newTrace = (): string => base64url(crypto.getRandomValues(new Uint8Array(TRACE_BYTES)));

/** [HT10] One line a request. A path that is not ours is not repeated: it could hold anything. */
export function requestLog({
  now,
  log,
  local,
}: Pick<Ports, "now" | "log"> & Pick<Config, "local">): MiddlewareHandler<AppEnv> {
  const headers = Object.entries(answerHeaders(local));
  return async (c, next) => {
    const startedMs = now();
    const trace = newTrace();
    c.set("trace", trace);
    await next();
    const { status } = c.res;
    // The answer that opens a socket takes no more headers, and has nothing that could be stored or shown.
    if (status !== SWITCHING_PROTOCOLS) for (const [name, value] of headers) c.res.headers.set(name, value);
    const path = KNOWN_PATHS.has(c.req.path) ? c.req.path : "other";
    log(JSON.stringify({ path, status, code: c.get("code") ?? "ok", ms: now() - startedMs, trace }));
  };
}
