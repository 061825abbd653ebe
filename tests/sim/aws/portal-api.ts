import type { Context, Hono } from "hono";
import type { IssuedCredentials } from "../credentials.ts";
import { operationsOf, type Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import { awsJson, forbidden, invalidRequest, portalDialect } from "./answers.ts";
import { authorizer, bearer } from "./bearer.ts";
import { portalCors } from "./cors.ts";
import { page } from "./paging.ts";
import { addPortalInternal, addPortalSignIn } from "./portal-internal.ts";

/** Everything that `portal.sso.<region>.amazonaws.com` answers. */
export function portalApi(parts: Parts): Hono {
  const app = makeService();
  app.use(portalCors(parts.world));
  addPublicApi(app, parts);
  addPortalInternal(app, parts);
  addPortalSignIn(app, parts);
  return app;
}

/** The public `sso` API: what SDKs, the CLI and the broker call. */
function addPublicApi(app: Hono, parts: Parts): void {
  const { world } = parts;
  const operation = operationsOf(parts, portalDialect);
  const authorized = authorizer(parts);

  app.get(
    "/assignment/accounts",
    operation(
      "ListAccounts",
      authorized((context, { session }) => {
        const { directory, user } = session;
        const accounts = directory.accountsOf(user.name).map(({ id, name, email }) => ({
          accountId: id,
          ...(name === undefined ? {} : { accountName: name }),
          ...(email === undefined ? {} : { emailAddress: email }),
        }));
        return listing(context, accounts, directory.spec.pages.accounts, "accountList");
      }),
    ),
  );

  app.get(
    "/assignment/roles",
    operation(
      "ListAccountRoles",
      authorized((context, { session }) => {
        const accountId = context.req.query("account_id");
        if (!accountId) return invalidRequest("Missing required parameter account_id");
        const { directory, user } = session;
        const roles = directory.rolesOf(user.name, accountId);
        if (roles === undefined) return forbidden();
        const list = roles.map(({ name }) => ({ roleName: name, accountId }));
        return listing(context, list, directory.spec.pages.roles, "roleList");
      }),
    ),
  );

  app.get(
    "/federation/credentials",
    operation(
      "GetRoleCredentials",
      authorized((context, { session }) => {
        const accountId = context.req.query("account_id");
        const roleName = context.req.query("role_name");
        if (!accountId || !roleName) return invalidRequest("Missing required parameter");
        const { directory, user } = session;
        const role = directory.rolesOf(user.name, accountId)?.find(({ name }) => name === roleName);
        if (role === undefined) return forbidden();
        return awsJson({ roleCredentials: wire(world.credentials.issue(user, directory, accountId, role)) });
      }),
    ),
  );

  app.post(
    "/logout",
    operation(
      "Logout",
      authorized((context) => {
        world.sessions.end(bearer(context) ?? "");
        return new Response(null, { status: 200, headers: { "content-length": "0" } });
      }),
    ),
  );
}

function listing(context: Context, items: readonly unknown[], pageSize: number, member: string): Response {
  const asked = context.req.query("max_result");
  const most = asked === undefined ? pageSize : Number(asked);
  if (!Number.isInteger(most) || most < 1 || most > 100) {
    return invalidRequest("ResultSize parameter must be within the valid limits of: 1-100");
  }
  const part = page(items, Math.min(most, pageSize), context.req.query("next_token"));
  if (part === undefined) return invalidRequest("Invalid next token");
  return awsJson({ nextToken: part.next, [member]: part.items });
}

function wire(issued: IssuedCredentials) {
  return {
    accessKeyId: issued.accessKeyId,
    secretAccessKey: issued.secretAccessKey,
    sessionToken: issued.sessionToken,
    expiration: issued.expiresAtMs,
  };
}
