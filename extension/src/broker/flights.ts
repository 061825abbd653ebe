import type { PortalError } from "@jcfetch/shared/aws/errors";
import { getRoleCredentials } from "@jcfetch/shared/aws/portal-client";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import type { Result } from "@jcfetch/shared/result";
import type { Access } from "../sessions/access.ts";

type Fetched = Result<RoleCredentials, PortalError>;

/** [RM9] One call to AWS for all who want the same role of the same session at one time. Nothing is kept afterwards. */
export class Flights {
  readonly #under = new Map<string, Promise<Fetched>>();
  readonly #fetch: typeof fetch;

  constructor(fetcher: typeof fetch) {
    this.#fetch = fetcher;
  }

  fetch({ portal, region, token, mark }: Access, { account, role }: RoleRef): Promise<Fetched> {
    const key = `${portal.origin}|${mark}|${account}|${role}`;
    const running = this.#under.get(key);
    if (running !== undefined) return running;
    const call = getRoleCredentials({ region, token, account, role }, { fetch: this.#fetch }).finally(() =>
      this.#under.delete(key),
    );
    this.#under.set(key, call);
    return call;
  }
}
