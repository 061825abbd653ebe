import type { Context } from "hono";
import { oidcError } from "../aws/answers.ts";
import type { Directory } from "../directory.ts";
import type { Parts } from "../parts.ts";

/** A JSON body as an object of unknown members; anything else counts as empty. */
export async function jsonBody(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await context.req.json().catch(() => undefined);
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : {};
}

/** The directory a start URL belongs to, however its user spelled it. */
export function directoryOf({ world }: Parts, startUrl: string): Directory | undefined {
  const host = URL.parse(startUrl)?.hostname ?? "";
  return world.findDirectory(({ hosts }) => hosts.includes(host));
}

export const invalidRequest = (description: string): Response =>
  oidcError("InvalidRequestException", "invalid_request", description);
export const invalidClient = (): Response =>
  oidcError("InvalidClientException", "invalid_client", "Invalid client provided", 401);

export const isLoopbackUri = (uri: string): boolean =>
  /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/.test(uri);

/** RFC 8252 §7.3: a loopback redirect may use any port, all else has to be as registered. */
export function isRegisteredRedirect(registered: readonly string[], used: string): boolean {
  const withoutPort = (uri: string): string => {
    const url = URL.parse(uri);
    return url === null ? uri : `${url.protocol}//${url.hostname}${url.pathname}`;
  };
  return isLoopbackUri(used) && registered.some((uri) => withoutPort(uri) === withoutPort(used));
}
