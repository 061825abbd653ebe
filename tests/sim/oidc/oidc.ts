import type { Hono } from "hono";
import { awsJson, oidcDialect, oidcError } from "../aws/answers.ts";
import { portalCors } from "../aws/cors.ts";
import { operationsOf, type Parts } from "../parts.ts";
import { makeService } from "../service.ts";
import { addApprovals } from "./approvals.ts";
import { addAuthorize } from "./authorize.ts";
import { directoryOf, invalidClient, invalidRequest, isLoopbackUri, jsonBody } from "./common.ts";
import { createToken } from "./create-token.ts";

const CONSENT_SCOPES = new Set(["sso:account:access"]);
const GRANTS = new Set([
  "authorization_code",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
]);

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** `oidc.<region>.amazonaws.com`: registration, device code, authorization code with PKCE, refresh. */
export function oidcApi(parts: Parts): Hono {
  const { world } = parts;
  const app = makeService();
  const operation = operationsOf(parts, oidcDialect);
  app.use("/device_authorization/*", portalCors(world));
  app.use("/authorize/*", portalCors(world));

  app.post(
    "/client/register",
    operation("RegisterClient", async (context) => register(parts, await jsonBody(context))),
  );

  app.post(
    "/device_authorization",
    operation("StartDeviceAuthorization", async (context) => {
      const { clientId, clientSecret, startUrl } = await jsonBody(context);
      const client = world.oidc.client(clientId, clientSecret);
      if (client === undefined) return invalidClient();
      const directory = typeof startUrl === "string" ? directoryOf(parts, startUrl) : undefined;
      if (directory === undefined) return invalidRequest("Invalid start url provided");
      const device = world.oidc.startDevice(client, directory.startUrl);
      const page = `${directory.startUrl}/#/device`;
      return awsJson({
        deviceCode: device.deviceCode,
        expiresIn: device.expiresInSeconds,
        interval: device.intervalSeconds,
        userCode: device.userCode,
        verificationUri: page,
        verificationUriComplete: `${page}?user_code=${device.userCode}`,
      });
    }),
  );

  app.post(
    "/token",
    operation("CreateToken", async (context) => createToken(parts, await jsonBody(context))),
  );
  addAuthorize(app, parts);
  addApprovals(app, parts);
  return app;
}

function register({ world }: Parts, body: Readonly<Record<string, unknown>>): Response {
  const { clientName, clientType, issuerUrl } = body;
  if (typeof clientName !== "string" || clientName === "") return invalidRequest("Missing client name");
  if (clientType !== "public") {
    return oidcError(
      "InvalidClientMetadataException",
      "invalid_client_metadata",
      "Only public clients can be registered",
    );
  }
  const scopes = strings(body.scopes);
  if (!scopes.every((scope) => CONSENT_SCOPES.has(scope))) {
    return oidcError("InvalidScopeException", "invalid_scope", "Invalid scope provided");
  }
  const grantTypes = strings(body.grantTypes);
  if (!grantTypes.every((grant) => GRANTS.has(grant))) {
    return oidcError("UnsupportedGrantTypeException", "unsupported_grant_type", "Unsupported grant type");
  }
  const redirectUris = strings(body.redirectUris);
  if (!redirectUris.every(isLoopbackUri)) {
    return oidcError("InvalidRedirectUriException", "invalid_redirect_uri", "Invalid redirect URI");
  }
  const client = world.oidc.register({
    name: clientName,
    scopes,
    grantTypes,
    redirectUris,
    issuerUrl: typeof issuerUrl === "string" ? issuerUrl : undefined,
  });
  return awsJson({
    authorizationEndpoint: null,
    clientId: client.id,
    clientIdIssuedAt: client.issuedAtSeconds,
    clientSecret: client.secret,
    clientSecretExpiresAt: client.expiresAtSeconds,
    tokenEndpoint: null,
  });
}
