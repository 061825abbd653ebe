import type { PortalError } from "@jcfetch/shared/aws/errors";
import { whoAmI } from "@jcfetch/shared/aws/portal-internal";
import { directoryHash, type MembershipRequest } from "@jcfetch/shared/protocol/membership";
import { ok, type Result } from "@jcfetch/shared/result";
import { Secret } from "@jcfetch/shared/secret";
import { SECOND_MS } from "@jcfetch/shared/time";
import { type BrokerError, refusal } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { refusalOf } from "../upstream.ts";

const TIMEOUT_MS = 10 * SECOND_MS;

/**
 * [EN7] Ask AWS, once, whose token this is. The token lives in this call alone, and what comes out is the hash of the
 * directory. @errors `not-a-member` for a directory that is not on the list; what AWS refuses keeps its meaning.
 */
export async function directoryOf(
  { membership }: MembershipRequest,
  admitted: ReadonlySet<string>,
  { fetch, now }: Pick<Ports, "fetch" | "now">,
): Promise<Result<string, BrokerError>> {
  const token = new Secret(membership.token);
  const identity = await whoAmI({ region: membership.region, token }, { fetch, timeoutMs: TIMEOUT_MS });
  if (!identity.ok) return whyUnknown(identity.error);
  const { directoryId, expiresAtMs } = identity.value;
  if (expiresAtMs <= now()) return refusal("aws-session-refused");
  if (directoryId === null) return refusal("aws-failed"); // AWS documents none of these fields
  const directory = await directoryHash(directoryId);
  return admitted.has(directory) ? ok(directory) : refusal("directory-not-admitted");
}

/** A 403 speaks of a role elsewhere; here none was asked for. */
const whyUnknown = (error: PortalError): ReturnType<typeof refusal> =>
  error.code === "forbidden" ? refusal("aws-failed") : refusalOf(error);
