import { createHash } from "node:crypto";
import { awsJson, oidcError } from "../aws/answers.ts";
import type { Parts } from "../parts.ts";
import type { PortalSession } from "../sessions.ts";
import { accessToken, refreshToken } from "../tokens.ts";
import { invalidClient, invalidRequest } from "./common.ts";
import type { Client, DeviceAuthorization, Grant } from "./state.ts";

type Body = Readonly<Record<string, unknown>>;

const SCOPED_SECONDS = 3600;
const LEGACY_SECONDS = 8 * 3600;
/** The AWS CLI polls twice in a row before it first waits; only the third is too many. */
const FREE_POLLS = 2;

const invalidGrant = (text: string): Response => oidcError("InvalidGrantException", "invalid_grant", text);

/** `POST /token`: the three grants a public client may use. */
export function createToken(parts: Parts, body: Body): Response {
  const client = parts.world.oidc.client(body.clientId, body.clientSecret);
  if (client === undefined) return invalidClient();
  switch (body.grantType) {
    case "urn:ietf:params:oauth:grant-type:device_code":
      return fromDevice(parts, client, body);
    case "authorization_code":
      return fromCode(parts, client, body);
    case "refresh_token":
      return fromRefresh(parts, client, body);
    case undefined:
      return invalidRequest("Missing grant type");
    default:
      return oidcError("UnsupportedGrantTypeException", "unsupported_grant_type", "Unsupported grant type");
  }
}

function fromDevice(parts: Parts, client: Client, body: Body): Response {
  const { world } = parts;
  const device = world.oidc.device(body.deviceCode);
  if (device === undefined || device.client !== client) return invalidGrant("Invalid device code provided");
  const nowMs = world.clock.nowMs();
  if (device.expiresAtMs <= nowMs) {
    return oidcError("ExpiredTokenException", "expired_token", "Device code expired");
  }
  if (device.denied) return oidcError("AccessDeniedException", "access_denied", "The user denied access");
  if (device.used) return invalidGrant("Device code was used before");
  if (device.session === undefined) return pending(device, nowMs);
  device.used = true;
  return tokens(parts, startGrant(client, device.session));
}

function pending(device: DeviceAuthorization, nowMs: number): Response {
  const early = device.lastPollMs !== undefined && nowMs - device.lastPollMs < device.intervalSeconds * 1000;
  device.lastPollMs = nowMs;
  device.earlyPolls = early ? device.earlyPolls + 1 : 0;
  if (device.earlyPolls >= FREE_POLLS) return oidcError("SlowDownException", "slow_down", "Slow down");
  return oidcError("AuthorizationPendingException", "authorization_pending", "Authorization is pending");
}

function fromCode(parts: Parts, client: Client, body: Body): Response {
  const { world } = parts;
  const code = typeof body.code === "string" ? world.oidc.codes.get(body.code) : undefined;
  if (code === undefined || code.context.client !== client) return invalidGrant("Invalid authorization code");
  if (code.used) {
    // A code used twice has leaked: RFC 6749 §4.1.2 says to end what it gave.
    if (code.grant !== undefined) code.grant.ended = true;
    return invalidGrant("Authorization code was used before");
  }
  code.used = true;
  if (code.expiresAtMs <= world.clock.nowMs()) return invalidGrant("Authorization code expired");
  if (body.redirectUri !== code.context.redirectUri) return invalidGrant("Redirect URI does not match");
  const verifier = typeof body.codeVerifier === "string" ? body.codeVerifier : "";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  if (challenge !== code.context.codeChallenge) return invalidGrant("Code verifier does not match");
  code.grant = startGrant(client, code.session);
  return tokens(parts, code.grant);
}

function fromRefresh(parts: Parts, client: Client, body: Body): Response {
  const { world } = parts;
  const presented = typeof body.refreshToken === "string" ? body.refreshToken : "";
  const grant = world.oidc.grants.get(presented);
  if (grant === undefined || grant.client !== client || grant.ended) {
    return invalidGrant("Invalid refresh token provided");
  }
  if (!world.sessions.isLive(grant.session)) return invalidGrant("The session has ended");
  const strict = grant.session.directory.refreshRotation === "strict";
  if (strict && grant.refreshTokens.at(-1) !== presented) {
    grant.ended = true;
    return invalidGrant("Refresh token was used before");
  }
  return tokens(parts, grant);
}

const startGrant = (client: Client, session: PortalSession): Grant => ({
  client,
  session,
  refreshTokens: [],
  ended: false,
});

/** With a scope: an hour, and a refresh token. Without: eight hours and none, as legacy profiles get. */
function tokens({ world }: Parts, grant: Grant): Response {
  const { client, session } = grant;
  const nowMs = world.clock.nowMs();
  const scoped = client.scopes.length > 0;
  const seconds = scoped ? SCOPED_SECONDS : LEGACY_SECONDS;
  const expiresAtMs = Math.min(nowMs + seconds * 1000, session.expiresAtMs);
  const access = accessToken();
  world.sessions.addToken(access, { kind: "oidc", session, expiresAtMs });
  const refresh = scoped ? refreshToken() : null;
  if (refresh !== null) {
    grant.refreshTokens.push(refresh);
    world.oidc.grants.set(refresh, grant);
  }
  return awsJson({
    accessToken: access,
    aws_sso_app_session_id: null,
    expiresIn: Math.floor((expiresAtMs - nowMs) / 1000),
    idToken: null,
    issuedTokenType: null,
    originSessionId: null,
    refreshToken: refresh,
    tokenType: "Bearer",
  });
}
