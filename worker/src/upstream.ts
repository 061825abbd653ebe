import type { PortalError } from "@jcfetch/shared/aws/errors";
import { fetchRoleCredentials } from "@jcfetch/shared/aws/role-credentials";
import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import type { Region } from "@jcfetch/shared/domain/portal";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import type { Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";
import { SECOND_MS } from "@jcfetch/shared/time";
import { type BrokerError, refusal } from "./errors.ts";
import type { Ports } from "./ports.ts";

export interface RoleOrder {
  readonly region: Region;
  readonly account: AccountId;
  readonly role: RoleName;
  readonly token: Secret<string>;
}

const TIMEOUT_MS = 10 * SECOND_MS;
/** AWS names no time with its 429; its buckets refill within seconds. */
const DEFAULT_RETRY_AFTER_MS = 2 * SECOND_MS;

/** Ask AWS for the credentials of one role, once: whoever waits for the answer does the waiting between tries. */
export async function askAws(
  order: RoleOrder,
  { fetch }: Pick<Ports, "fetch">,
): Promise<Result<RoleCredentials, BrokerError>> {
  const answer = await fetchRoleCredentials(order, { fetch, timeoutMs: TIMEOUT_MS });
  return answer.ok ? answer : refusalOf(answer.error);
}

/** [CR5] What AWS refuses keeps its meaning; everything that is no answer is one thing. */
export function refusalOf(error: PortalError): ReturnType<typeof refusal> {
  switch (error.code) {
    case "unauthorized":
      return refusal("aws-session-refused");
    case "forbidden":
      return refusal("aws-role-refused");
    case "throttled":
      return refusal("aws-throttled", Math.ceil((error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) / SECOND_MS));
    case "not-found":
    case "unreachable":
    case "garbage":
      return refusal("aws-failed");
  }
}
