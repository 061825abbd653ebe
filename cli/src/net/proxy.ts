import type { Host } from "../host.ts";

type Env = Host["env"];

/** Of another program on this computer: no proxy has a way to it, and none is to learn of it. */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "localhost";

/** The first of these that is set, as curl and AWS's tools read them: small letters before capitals. */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;
const EXCEPT_VARIABLES = ["no_proxy", "NO_PROXY"] as const;

/** Whether a variable of a proxy is set at all. */
export const isProxyVariable = (name: string): boolean => /^(?:https?|all|no)_proxy$/i.test(name);

export interface ProxySetting {
  readonly variable: string;
  /** Perhaps with a name and a password in it: never to be shown. */
  readonly address: string;
}

/** The proxy through which a host is reached, as its variable has it. Only encrypted connections ever leave this computer. */
export function proxyFor(url: URL, env: Env): ProxySetting | undefined {
  if (isLoopback(url) || isExcepted(url, firstOf(env, EXCEPT_VARIABLES)?.address ?? "")) return undefined;
  return firstOf(env, PROXY_VARIABLES);
}

function firstOf(env: Env, names: readonly string[]): ProxySetting | undefined {
  for (const variable of names) {
    const address = env[variable]?.trim();
    if (address) return { variable, address };
  }
  return undefined;
}

/**
 * `*`, `host`, `.domain`, `*.domain`, each with or without `:port`. A name stands for all below it, too.
 *
 * @source curl(1) on NO_PROXY; Python's urllib, through which AWS's tools read it.
 */
export function isExcepted({ hostname, port }: URL, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    const [, name = "", only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === "" || (only !== undefined && only !== (port || "443"))) return false;
    return hostname === name || hostname.endsWith(`.${name}`);
  });
}

/** @returns `undefined` for what is no address of an HTTP proxy; one without a scheme is meant as `http`. */
export function parseProxy(address: string): URL | undefined {
  const text = /^[a-z][\w+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.hostname !== "" ? url : undefined;
}

/** What a proxy is shown of its name and password, if the address has them. @source RFC 9110, section 11.7 */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** The proxy as it may be shown: without name and password. */
export const shownProxy = ({ protocol, host }: URL): string => `${protocol}//${host}`;
