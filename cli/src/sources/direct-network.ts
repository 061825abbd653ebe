import type { Host } from "../host.ts";

/** AWS's own variables for moving its services, and the hosts they move. */
const VARIABLES = [
  [/^portal\.sso\.[\w.-]+$/, "AWS_ENDPOINT_URL_SSO"],
  [/^oidc\.[\w.-]+$/, "AWS_ENDPOINT_URL_SSO_OIDC"],
  [/^(?:[\w-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws[\w.-]+)$/, "AWS_ENDPOINT_URL_SIGNIN"],
] as const;

/**
 * [DM10] How calls get to AWS: by the region's own host. A variable moves them only to a literal loopback address: an
 * environment that somebody else has filled must not lead tokens away.
 *
 * @param withinMs for all calls together [CL6].
 */
export function awsFetch({ env, fetch }: Pick<Host, "env" | "fetch">, withinMs: number): typeof fetch {
  const all = AbortSignal.timeout(withinMs);
  return (input, init) => {
    const url = new URL(String(input));
    const to = VARIABLES.flatMap(([host, name]) => (host.test(url.hostname) ? (env[name] ?? []) : []))[0];
    const moved = to !== undefined && isLoopback(to) ? new URL(`${url.pathname}${url.search}`, to) : url;
    const signal = init?.signal ? AbortSignal.any([init.signal, all]) : all;
    return fetch(moved, { ...init, signal });
  };
}

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return false;
  return /^https?:$/.test(url.protocol) && (url.hostname === "127.0.0.1" || url.hostname === "[::1]");
}
