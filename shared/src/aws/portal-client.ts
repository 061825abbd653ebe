import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  SSOClient,
} from "@aws-sdk/client-sso";
import * as v from "valibot";
import { AccountId, RoleName } from "../domain/ids.ts";
import { portalApiHost, type Region } from "../domain/portal.ts";
import type { RoleRef } from "../domain/role.ts";
import type { RoleCredentials } from "../domain/role-credentials.ts";
import { err, ok, type Result } from "../result.ts";
import type { Secret } from "../secret.ts";
import { type PortalError, portalErrorOf } from "./errors.ts";
import { CredentialsAnswer, credentialsIn } from "./role-credentials.ts";
import { handler, type Over } from "./sdk-handler.ts";
import { type AwsPorts, Wire } from "./wire.ts";

/** Where to ask, and with what right. The host is built from the region's row in our table, never from other text. */
export interface PortalAccess {
  readonly region: Region;
  /** The portal's SSO token. It travels in a header only. */
  readonly token: Secret<string>;
}

export interface PortalPorts extends AwsPorts {
  /** Tries in all, with the SDK's own waits between them. One by default: callers own the back-off. */
  readonly attempts?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present when there is more: ask again with it. */
  readonly next?: string;
}

export interface PortalAccount {
  readonly account: AccountId;
  /** AWS leaves out names and addresses it does not have. */
  readonly name?: string;
  readonly email?: string;
}

const PAGE_SIZE = 100;

const Next = v.nullish(v.pipe(v.string(), v.maxLength(8_192)));
/** Others choose it, and people see it: nothing in it is for a terminal to act on. */
const Name = v.nullish(
  v.pipe(
    v.string(),
    v.maxLength(254),
    v.transform((text) => text.replaceAll(/\p{C}/gu, "?")),
  ),
);

const AccountsAnswer = v.object({
  nextToken: Next,
  accountList: v.array(v.object({ accountId: AccountId, accountName: Name, emailAddress: Name })),
});
const RolesAnswer = v.object({ nextToken: Next, roleList: v.array(v.object({ roleName: v.string() })) });

/**
 * The credentials of one role, as AWS gives them: AWS alone decides how long they live.
 *
 * @source AWS SSO Portal API, GetRoleCredentials.
 */
export async function getRoleCredentials(
  { account, role, ...access }: PortalAccess & RoleRef,
  ports: PortalPorts,
): Promise<Result<RoleCredentials, PortalError>> {
  const answer = await ask(access, ports, CredentialsAnswer, (client, accessToken, over) =>
    client.send(new GetRoleCredentialsCommand({ accessToken, accountId: account, roleName: role }), over),
  );
  return answer.ok ? ok(credentialsIn(answer.value)) : answer;
}

/** One page of the accounts the user has a role in. @source AWS SSO Portal API, ListAccounts. */
export async function listAccounts(
  access: PortalAccess,
  next: string | undefined,
  ports: PortalPorts,
): Promise<Result<Page<PortalAccount>, PortalError>> {
  const answer = await ask(access, ports, AccountsAnswer, (client, accessToken, over) =>
    client.send(new ListAccountsCommand({ accessToken, maxResults: PAGE_SIZE, nextToken: next }), over),
  );
  if (!answer.ok) return answer;
  const items = answer.value.accountList.map(({ accountId, accountName, emailAddress }) => ({
    account: accountId,
    ...(accountName ? { name: accountName } : {}),
    ...(emailAddress ? { email: emailAddress } : {}),
  }));
  return ok(page(items, answer.value.nextToken));
}

/**
 * One page of the roles in one account. Names that a permission set cannot have are left out: nothing could ask for them.
 *
 * @source AWS SSO Portal API, ListAccountRoles.
 */
export async function listAccountRoles(
  { account, ...access }: PortalAccess & { readonly account: AccountId },
  next: string | undefined,
  ports: PortalPorts,
): Promise<Result<Page<RoleName>, PortalError>> {
  const answer = await ask(access, ports, RolesAnswer, (client, accessToken, over) =>
    client.send(
      new ListAccountRolesCommand({
        accessToken,
        accountId: account,
        maxResults: PAGE_SIZE,
        nextToken: next,
      }),
      over,
    ),
  );
  if (!answer.ok) return answer;
  const names = answer.value.roleList.map(({ roleName }) => roleName);
  return ok(page(names.filter(isRoleName), answer.value.nextToken));
}

/**
 * End the portal session at AWS: the person is signed out of the access portal everywhere. Only ever at their request.
 * Role credentials already issued live on until they expire.
 */
export async function logout(access: PortalAccess, ports: PortalPorts): Promise<Result<null, PortalError>> {
  const answer = await ask(access, ports, v.unknown(), (client, accessToken, over) =>
    client.send(new LogoutCommand({ accessToken }), over),
  );
  return answer.ok ? ok(null) : answer;
}

const isRoleName = (name: string): name is RoleName => v.is(RoleName, name);

const page = <T>(items: readonly T[], next: string | null | undefined): Page<T> =>
  next ? { items, next } : { items };

/** What the SDK throws is never looked at: its errors may quote the answer. The wire knows how the exchange went. */
async function ask<S extends v.GenericSchema>(
  { region, token }: PortalAccess,
  ports: PortalPorts,
  schema: S,
  send: (client: SSOClient, accessToken: string, over: Over) => Promise<unknown>,
): Promise<Result<v.InferOutput<S>, PortalError>> {
  const wire = new Wire(ports);
  try {
    const client = clientOf(region, ports.attempts ?? 1);
    const parsed = v.safeParse(schema, await send(client, token.reveal(), { wire }));
    return parsed.success ? ok(parsed.output) : err({ code: "garbage" });
  } catch {
    return err(portalErrorOf(wire.outcome));
  }
}

/**
 * Made once: that takes longer than the call. A client holds settings alone, so that all users of an isolate may have the
 * same one: token and connection come with each call, and go with it.
 */
const clients = new Map<string, SSOClient>();

function clientOf(region: Region, maxAttempts: number): SSOClient {
  const name = `${region}/${maxAttempts}`;
  const client = clients.get(name) ?? openClient(region, maxAttempts);
  clients.set(name, client);
  return client;
}

/** Everything the SDK would otherwise look up in environment and files is said here: nothing can redirect the token. */
function openClient(region: Region, maxAttempts: number): SSOClient {
  return new SSOClient({
    region,
    endpoint: `https://${portalApiHost(region)}`,
    maxAttempts,
    retryMode: "standard",
    defaultsMode: "standard",
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    requestHandler: handler,
  });
}
