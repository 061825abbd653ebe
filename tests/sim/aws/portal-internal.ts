import type { Context, Hono } from "hono";
import type { Directory } from "../directory.ts";
import { operationsOf, type Parts } from "../parts.ts";
import type { Token } from "../sessions.ts";
import { signInToken, stableHex } from "../tokens.ts";
import { awsJson, forbidden, invalidRequest, portalDialect, unauthorized } from "./answers.ts";
import { authorizer } from "./bearer.ts";
import { page } from "./paging.ts";

/** In the commercial partition the console opens in its first region. */
const consoleHome = ({ region, names }: Directory): string =>
  `https://${names.partition === "aws" ? "us-east-1" : region}.${names.console}/console/home`;

/** The undocumented half of the portal API, which the portal's own page calls. */
export function addPortalInternal(app: Hono, parts: Parts): void {
  const { world } = parts;
  const operation = operationsOf(parts, portalDialect);
  const authorized = authorizer(parts);

  app.get(
    "/token/whoAmI",
    operation(
      "WhoAmI",
      authorized((_context, { session }) =>
        awsJson({
          accountId: session.directory.accountsOf(session.user.name)[0]?.id ?? null,
          createDate: session.createdAtMs,
          directoryId: session.directory.id,
          expireDate: session.expiresAtMs,
          firstName: session.user.firstName,
          userIdentifier: session.user.email,
        }),
      ),
    ),
  );
  app.get(
    "/user",
    operation(
      "GetUser",
      authorized((_context, token) => awsJson(userOf(token))),
    ),
  );

  const applications = operation(
    "ListApplicationInstances",
    authorized((context, { session }) => {
      const { directory, user } = session;
      const accounts = directory.accountsOf(user.name).map(({ id, name, email }) => ({
        id: directory.applicationInstanceId(id),
        name: `${id} (${name ?? ""})`,
        description: "AWS Account",
        applicationId: `app-${stableHex(directory.id)}`,
        applicationName: "AWS Account",
        icon: "https://static.global.sso.amazonaws.com/aws-account.svg",
        searchMetadata: { AccountId: id, AccountName: name ?? null, AccountEmail: email ?? null },
      }));
      const others = directory.spec.applications.map(({ id, name }) => ({
        id,
        name,
        description: name,
        applicationId: `app-${stableHex(id)}`,
        applicationName: name,
        icon: null,
      }));
      return internalPage(context, [...others, ...accounts], directory.spec.pages.applications);
    }),
  );
  app.get("/instance/appinstances", applications);
  app.get("/federation/instance/appinstances", applications);

  app.get(
    "/instance/appinstance/:id/profiles",
    operation(
      "ListApplicationProfiles",
      authorized((context, { session }) => {
        const { directory, user } = session;
        const wanted = context.req.param("id");
        const account = directory
          .accountsOf(user.name)
          .find(({ id }) => directory.applicationInstanceId(id) === wanted);
        if (account === undefined) return forbidden();
        const profiles = (directory.rolesOf(user.name, account.id) ?? []).map(({ name }) => ({
          id: directory.profileId(account.id, name),
          name,
          description: "",
          url: `https://portal.sso.${directory.region}.${directory.names.api}/saml/assertion/${wanted}`,
          protocol: "SAML",
          relayState: null,
        }));
        return internalPage(context, profiles, directory.spec.pages.roles);
      }),
    ),
  );

  app.get(
    "/federation/console",
    operation(
      "Federate",
      authorized((context, { kind, session }) => {
        const { directory, user } = session;
        const accountId = context.req.query("account_id");
        const roleName = context.req.query("role_name");
        if (!accountId || !roleName) return invalidRequest("Missing required parameter");
        const role = directory.rolesOf(user.name, accountId)?.find(({ name }) => name === roleName);
        // A token from CreateToken is for credentials only; opening the console wants the portal's own.
        if (role === undefined || kind !== "portal") return forbidden();
        const token = signInToken();
        world.signin.addConsoleToken(token, { user, directory, accountId, roleName });
        return awsJson({
          signInToken: token,
          signInFederationLocation: `https://${directory.names.federation(directory.region)}/federation`,
          destination: context.req.query("destination") ?? consoleHome(directory),
        });
      }),
    ),
  );
}

/** The two calls by which a portal page signs in. Neither has a bearer token yet. */
export function addPortalSignIn(app: Hono, parts: Parts): void {
  const { world } = parts;
  const operation = operationsOf(parts, portalDialect);

  app.get(
    "/login",
    operation("BeginLogin", (context) => {
      const id = context.req.query("directory_id");
      const directory = world.findDirectory((one) => one.id === id);
      if (directory === undefined) return invalidRequest("Unknown directory");
      const page = new URL(context.req.query("redirect_url") ?? directory.startUrl);
      const home = directory.homeAt(page);
      if (home === undefined) return invalidRequest("Redirect URL is not the portal's");
      const workflow = world.signin.begin(directory, new URL(home, page).href);
      return awsJson({
        redirectUrl: `https://${directory.names.signIn(directory.region)}/platform/${directory.id}/login?workflowStateHandle=${workflow.handle}`,
        csrfToken: workflow.csrfToken,
      });
    }),
  );

  app.post(
    "/auth/sso-token",
    operation("CreatePortalToken", async (context) => {
      const form = new URLSearchParams(await context.req.text());
      const result = world.signin.takeResult(form.get("authCode") ?? "");
      const csrf = context.req.header("x-amz-sso-csrf-token");
      if (result === undefined || result.state !== form.get("state")) return unauthorized();
      if (result.csrfToken !== undefined && result.csrfToken !== csrf) return unauthorized();
      const { directory, user } = result;
      const org = form.get("orgId");
      if (org !== directory.id && org !== directory.spec.alias) return unauthorized();
      return awsJson({
        token: world.sessions.open(user, directory).value,
        redirectUrl: null,
        errorMessage: null,
        relayId: null,
        initType: "SAML_IDP",
      });
    }),
  );
}

/** The internal API takes `next_token` and answers `paginationToken`. */
function internalPage(context: Context, items: readonly unknown[], size: number): Response {
  const part = page(items, size, context.req.query("next_token"));
  if (part === undefined) return invalidRequest("Invalid next token");
  return awsJson({ result: part.items, paginationToken: part.next });
}

function userOf({ session: { user, directory, id } }: Token) {
  return {
    accountId: null,
    adGUID: null,
    appProfileIds: [],
    authContextClass: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    awsAccessAttributes: [],
    awsFederationStatus: null,
    directoryType: "IDENTITY_STORE",
    email: user.email,
    externalAttributes: [],
    familyName: user.lastName,
    givenName: user.firstName,
    groups: [],
    identityStoreUserId: user.id,
    managedActiveDirectoryId: directory.spec.alias,
    name: `${user.firstName} ${user.lastName}`,
    originSessionId: id,
    preferredUsername: user.email,
    ssoInstanceId: directory.spec.instanceId,
    subject: user.email,
    userId: user.id,
  };
}
