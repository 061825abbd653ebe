import type { PortalAccess } from "@jcfetch/shared/aws/portal-client";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import type { SsoSession } from "../config/sessions.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import type { Fetched } from "../wishes.ts";
import { awsFailure, sessionEnded } from "./direct-failures.ts";
import { awsFetch } from "./direct-network.ts";
import { type Around, forget, type LiveToken, liveToken } from "./direct-session.ts";
import { openTokenStore } from "./direct-store.ts";
import type { Lists } from "./portal-roles.ts";

/** One call with all its attempts [CL6]. */
const CALL_MS = 20 * SECOND_MS;
/** Beyond the first only for what passes: throttling, and AWS's own failures. */
const ATTEMPTS = 3;

/** Credentials straight from the access portal's API, with this terminal's own sign-in. */
export interface Direct {
  credentials(want: RoleRef): Promise<Result<Fetched, Failure>>;
  /** Whether the sign-in is still good, by a call that shows it. */
  check(): Promise<Result<LiveToken, Failure>>;
  /** [DM7] Makes a call with a token that is good, and once more with a newer one where AWS refuses that. */
  ask<T>(call: (access: PortalAccess) => Promise<Called<T>>): Promise<Result<T, Failure>>;
  /** One page of the portal's lists, asked for once: whoever reads them all keeps the pace. */
  readonly lists: Lists;
  /** End the portal session at AWS. */
  endPortalSession(): Promise<Result<null, Failure>>;
}

export async function directFor(host: Host, session: SsoSession): Promise<Result<Direct, Failure>> {
  const store = await openTokenStore(host, session);
  if (!store.ok) return store;
  const around: Around = { host, session, store: store.value };
  const ports = () => ({ fetch: awsFetch(host, CALL_MS), attempts: ATTEMPTS });
  const once = () => ({ fetch: awsFetch(host, CALL_MS) });
  const portal = () => import("@jcfetch/shared/aws/portal-client");
  return ok({
    async credentials(want) {
      const { getRoleCredentials } = await portal();
      const got = await withToken(around, (access) => getRoleCredentials({ ...access, ...want }, ports()));
      if (!got.ok) return got;
      const { answer, warning } = got.value;
      return ok({ credentials: answer, ...(warning === undefined ? {} : { warning }) });
    },
    async check() {
      const { listAccounts } = await portal();
      return withToken(around, (access) => listAccounts(access, undefined, ports()));
    },
    async ask(call) {
      const got = await withToken(around, call);
      return got.ok ? ok(got.value.answer) : got;
    },
    lists: {
      accounts: async (access, next) => (await portal()).listAccounts(access, next, once()),
      roles: async (access, account, next) =>
        (await portal()).listAccountRoles({ ...access, account }, next, once()),
    },
    async endPortalSession() {
      const { logout } = await portal();
      const ended = await withToken(around, (access) => logout(access, ports()));
      return ended.ok ? ok(null) : ended;
    },
  });
}

type Called<T> = Result<T, Parameters<typeof awsFailure>[0]>;

/** [DM7] A token that AWS refuses before its time is refreshed once, and the call made once more. */
async function withToken<T>(
  around: Around,
  call: (access: PortalAccess) => Promise<Called<T>>,
): Promise<Result<LiveToken & { readonly answer: T }, Failure>> {
  const { region } = around.session;
  let refused: LiveToken["token"] | undefined;
  for (;;) {
    const live = await liveToken(around, refused);
    if (!live.ok) return live;
    const { token } = live.value;
    const tried = await call({ region, token });
    if (tried.ok) return ok({ ...live.value, answer: tried.value });
    if (tried.error.code !== "unauthorized") return err(awsFailure(tried.error));
    if (refused !== undefined) {
      const forgotten = await forget(around, token);
      return forgotten.ok ? err(sessionEnded(around.session)) : forgotten;
    }
    refused = token;
  }
}
