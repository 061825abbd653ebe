import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import { SOCKET_PATH } from "@jcfetch/shared/protocol/relay";
import { CONTENT_TYPE, HEADERS, PROTOCOL_VERSION } from "@jcfetch/shared/protocol/version";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app.ts";
import { refuse } from "../bind.ts";
import type { Config } from "../env.ts";
import type { Reason } from "../errors.ts";

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;
const EXTENSION_ORIGIN = /^(?:chrome-extension:\/\/[a-p]{32}|moz-extension:\/\/[0-9a-f-]{36})$/;
const PATHS: ReadonlySet<string> = new Set(Object.values(ENDPOINTS).map(({ path }) => path));

type Allowed = Pick<Config, "allowedHosts" | "local">;

/** Who is let in at all: judged from method, path and headers alone, in this order. */
export function gate(allowed: Allowed): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const reason = whyTurnedAway(c.req.raw, c.req.path, allowed);
    return reason === undefined ? next() : refuse(c, { reason });
  };
}

function whyTurnedAway({ method, headers }: Request, path: string, allowed: Allowed): Reason | undefined {
  if (!isHostAllowed(headers.get("host") ?? "", allowed)) return "host-not-listed";
  if (!isSenderAllowed(headers)) return "origin-foreign";
  if (path === SOCKET_PATH) return whyNoUpgrade(method, headers);
  if (!PATHS.has(path)) return "path-unknown";
  if (method !== "POST") return "method-not-post";
  if (headers.get("content-type") !== CONTENT_TYPE) return "content-type";
  return headers.get(HEADERS.version) === String(PROTOCOL_VERSION) ? undefined : "protocol-version";
}

/** [RM1] The one path that is `GET`; a browser lets no program say more on it than subprotocols. */
function whyNoUpgrade(method: string, headers: Headers): Reason | undefined {
  if (method !== "GET") return "method-not-get";
  return headers.get("upgrade")?.toLowerCase() === "websocket" ? undefined : "upgrade-missing";
}

/** [HT4] A literal list: a name that resolves to us is not one of ours (DNS rebinding). */
const isHostAllowed = (host: string, { allowedHosts, local }: Allowed): boolean =>
  allowedHosts.has(host.toLowerCase()) || (local && LOOPBACK_HOST.test(host));

/**
 * [HT5] A page cannot leave `Origin` off a POST, nor forge `Sec-Fetch-Site`. Programs send neither; an extension's worker
 * sends its own origin, or `none`.
 */
function isSenderAllowed(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (origin !== null) return EXTENSION_ORIGIN.test(origin);
  const site = headers.get("sec-fetch-site");
  return site === null || site === "none";
}
