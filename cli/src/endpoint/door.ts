import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";

/** As SDKs read it: they show the message, and take 4xx for final. */
export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Pick<IncomingHttpHeaders, "host" | "origin" | "authorization">;
}

/** Whatever port it says: it may have come through a forwarded one. */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

/**
 * [US6] Who may have which role. A page in a browser can reach loopback, but it cannot leave its origin out, nor name the
 * host as it likes; and nobody guesses the token.
 */
export function admit<Role extends { readonly path: string; readonly token: Secret<string> }>(
  { method, path, headers }: Asked,
  roles: readonly Role[],
): Result<Role, Refused> {
  if (!LOOPBACK.test(headers.host ?? ""))
    return refuse(421, "MisdirectedRequest", "this host is reached by its loopback address");
  if (headers.origin !== undefined) return refuse(403, "AccessDenied", "pages get no credentials");
  if (method !== "GET") return refuse(405, "MethodNotAllowed", "only GET is answered");
  const role = roles.find((one) => one.path === path);
  if (!role) return refuse(404, "NotFound", "no role is served under this path");
  if (!isSame(headers.authorization ?? "", role.token.reveal())) {
    return refuse(401, "AccessDenied", "AWS_CONTAINER_AUTHORIZATION_TOKEN is not the one of this role");
  }
  return ok(role);
}

const refuse = (status: number, code: string, message: string): Result<never, Refused> =>
  err({ status, code, message });

/** Without telling by its time how much of it is right. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
