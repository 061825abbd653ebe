import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import type { Region } from "@jcfetch/shared/domain/portal";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import type { Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";
import { type BrokerError, refusal } from "./errors.ts";
import type { Ports } from "./ports.ts";

export interface RoleOrder {
  readonly region: Region;
  readonly account: AccountId;
  readonly role: RoleName;
  readonly token: Secret<string>;
}

/** Ask AWS for the credentials of one role. */
export async function askAws(
  _order: RoleOrder,
  _ports: Pick<Ports, "fetch">,
): Promise<Result<RoleCredentials, BrokerError>> {
  return refusal("aws-failed");
}
