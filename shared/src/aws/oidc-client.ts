import {
  CreateTokenCommand,
  type CreateTokenCommandInput,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import * as v from "valibot";
import { fromUtf8 } from "../crypto/encoding.ts";
import { oidcHost, type Region } from "../domain/portal.ts";
import { err, ok, type Result } from "../result.ts";
import { Secret } from "../secret.ts";
import { type EpochMs, SECOND_MS } from "../time.ts";
import { type PortalError, portalErrorOf } from "./errors.ts";
import { handler, type Over } from "./sdk-handler.ts";
import { type Answer, type AwsPorts, type Exchange, Wire } from "./wire.ts";

/*
 * Signing in without the browser's own session: OAuth 2.0 as IAM Identity Center speaks it, for public clients.
 * @source AWS SSO OIDC API (model 2019-06-10); RFC 7636 (PKCE), RFC 8252 (loopback redirects), RFC 8628 (device code).
 */

/**
 * Every way a call to the OIDC service can fail. Beside those of the portal API:
 *
 * - `pending`: the person has not answered yet; `slow-down`: the same, and ask less often.
 * - `expired`: a device code or a token is too old. `denied`: the person, or AWS, said no.
 * - `invalid-grant`: a code or a refresh token is unknown, used, or its session is over.
 * - `invalid-client`: the registration is unknown or too old.
 * - `refused`: AWS does not take the request: an unknown start URL, a wrong region, a scope it does not know.
 */
export type OidcError = PortalError | { readonly code: Refused };

type Refused =
  | "pending"
  | "slow-down"
  | "expired"
  | "denied"
  | "invalid-grant"
  | "invalid-client"
  | "refused";

/** What AWS knows this program by. Lives for 90 days. */
export interface Registration {
  readonly clientId: string;
  readonly clientSecret: Secret<string>;
  readonly expiresAtMs: EpochMs;
}

export type Flow = "pkce" | "device-code";

export interface Application {
  readonly region: Region;
  readonly startUrl: string;
  readonly scopes: readonly string[];
}

export interface DeviceAuthorization {
  readonly deviceCode: Secret<string>;
  /** `ABCD-EFGH`: for the person, to compare or to type. */
  readonly userCode: string;
  readonly url: string;
  /** The same with the code in it. */
  readonly urlWithCode: string;
  readonly expiresInMs: number;
  readonly intervalMs: number;
}

export interface OidcTokens {
  readonly accessToken: Secret<string>;
  readonly expiresInMs: number;
  /** None without a scope. */
  readonly refreshToken?: Secret<string>;
}

export type Grant =
  | {
      readonly kind: "code";
      readonly code: Secret<string>;
      readonly verifier: Secret<string>;
      readonly redirectUri: string;
    }
  | { readonly kind: "device"; readonly deviceCode: Secret<string> }
  | { readonly kind: "refresh"; readonly refreshToken: Secret<string> };

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** Registered without a port, used with any. @source RFC 8252 §7.3 */
export const CALLBACK_PATH = "/oauth/callback";
const REDIRECT_URI = new URL(CALLBACK_PATH, "http://127.0.0.1").href;

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(16_384));
const Seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Shown to the person, and given to the browser, by way of Windows's shell too: nothing but an address, and nothing quoted in it. */
const Address = v.pipe(v.string(), v.maxLength(2_048), v.regex(/^https:\/\/[\w.:-]+\/[\w./?&=%#~+:@-]*$/));

const RegisterAnswer = v.object({ clientId: Text, clientSecret: Text, clientSecretExpiresAt: Seconds });
const DeviceAnswer = v.object({
  deviceCode: Text,
  userCode: v.pipe(v.string(), v.regex(/^[\w-]{1,32}$/)),
  verificationUri: Address,
  verificationUriComplete: Address,
  expiresIn: Seconds,
  interval: v.nullish(Seconds),
});
const TokenAnswer = v.object({ accessToken: Text, expiresIn: Seconds, refreshToken: v.nullish(Text) });
const Refusal = v.object({ error: v.string() });

/** When the answer does not say. @source RFC 8628 §3.2 */
const DEFAULT_INTERVAL_SECONDS = 5;

/** @source RegisterClient. The scope makes the difference between refreshable tokens and one of eight hours. */
export async function registerClient(
  { region, startUrl, scopes }: Application,
  { name, flow }: { readonly name: string; readonly flow: Flow },
  ports: AwsPorts,
): Promise<Result<Registration, OidcError>> {
  const grantTypes = [flow === "pkce" ? "authorization_code" : DEVICE_GRANT, "refresh_token"];
  const answer = await ask(region, ports, RegisterAnswer, (client, over) =>
    client.send(
      new RegisterClientCommand({
        clientName: name,
        clientType: "public",
        scopes: [...scopes],
        grantTypes,
        issuerUrl: startUrl,
        ...(flow === "pkce" ? { redirectUris: [REDIRECT_URI] } : {}),
      }),
      over,
    ),
  );
  if (!answer.ok) return answer;
  const { clientId, clientSecret, clientSecretExpiresAt } = answer.value;
  const expiresAtMs = clientSecretExpiresAt * SECOND_MS;
  return ok({ clientId, clientSecret: new Secret(clientSecret), expiresAtMs });
}

/**
 * Where the browser goes. Nothing in it is secret: the verifier that the challenge is made of stays here.
 *
 * @source AWS CLI, `botocore/utils.py`, SSOTokenFetcherAuth: the operation is not in the model.
 */
export function authorizeUrl(
  { region, scopes }: Application,
  {
    clientId,
    redirectUri,
    state,
    challenge,
  }: {
    readonly clientId: string;
    readonly redirectUri: string;
    readonly state: string;
    readonly challenge: string;
  },
): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge_method: "S256",
    code_challenge: challenge,
    scopes: scopes.join(" "),
  });
  return `https://${oidcHost(region)}/authorize?${query}`;
}

/** @source StartDeviceAuthorization. */
export async function startDeviceAuthorization(
  { region, startUrl }: Application,
  { clientId, clientSecret }: Registration,
  ports: AwsPorts,
): Promise<Result<DeviceAuthorization, OidcError>> {
  const answer = await ask(region, ports, DeviceAnswer, (client, over) =>
    client.send(
      new StartDeviceAuthorizationCommand({ clientId, clientSecret: clientSecret.reveal(), startUrl }),
      over,
    ),
  );
  if (!answer.ok) return answer;
  const { deviceCode, userCode, verificationUri, verificationUriComplete, expiresIn, interval } =
    answer.value;
  return ok({
    deviceCode: new Secret(deviceCode),
    userCode,
    url: verificationUri,
    urlWithCode: verificationUriComplete,
    expiresInMs: expiresIn * SECOND_MS,
    intervalMs: (interval || DEFAULT_INTERVAL_SECONDS) * SECOND_MS,
  });
}

/** @source CreateToken. Never tried twice by itself: a code and, where AWS rotates them, a refresh token count once. */
export async function createToken(
  { region }: Pick<Application, "region">,
  { clientId, clientSecret }: Registration,
  grant: Grant,
  ports: AwsPorts,
): Promise<Result<OidcTokens, OidcError>> {
  const answer = await ask(region, ports, TokenAnswer, (client, over) =>
    client.send(
      new CreateTokenCommand({ clientId, clientSecret: clientSecret.reveal(), ...inputOf(grant) }),
      over,
    ),
  );
  if (!answer.ok) return answer;
  const { accessToken, expiresIn, refreshToken } = answer.value;
  return ok({
    accessToken: new Secret(accessToken),
    expiresInMs: expiresIn * SECOND_MS,
    ...(refreshToken ? { refreshToken: new Secret(refreshToken) } : {}),
  });
}

function inputOf(grant: Grant): Omit<CreateTokenCommandInput, "clientId" | "clientSecret"> {
  switch (grant.kind) {
    case "code": {
      const { code, verifier, redirectUri } = grant;
      return {
        grantType: "authorization_code",
        code: code.reveal(),
        codeVerifier: verifier.reveal(),
        redirectUri,
      };
    }
    case "device":
      return { grantType: DEVICE_GRANT, deviceCode: grant.deviceCode.reveal() };
    case "refresh":
      return { grantType: "refresh_token", refreshToken: grant.refreshToken.reveal() };
  }
}

/** As for the portal API, what the SDK throws is never looked at; what AWS calls its refusal is read off the wire. */
async function ask<S extends v.GenericSchema>(
  region: Region,
  ports: AwsPorts,
  schema: S,
  send: (client: SSOOIDCClient, over: Over) => Promise<unknown>,
): Promise<Result<v.InferOutput<S>, OidcError>> {
  const wire = new Wire(ports);
  let last: Answer | undefined;
  const exchange = async (sent: Exchange): Promise<Answer> => {
    last = await wire.exchange(sent);
    return last;
  };
  const client = openClient(region);
  try {
    const parsed = v.safeParse(schema, await send(client, { wire: { exchange } }));
    return parsed.success ? ok(parsed.output) : err({ code: "garbage" });
  } catch {
    return err(refusalIn(last) ?? portalErrorOf(wire.outcome));
  } finally {
    client.destroy();
  }
}

/** @source AWS SSO OIDC API: `error` is a constant for each exception. */
const REFUSALS: Readonly<Record<string, Refused>> = {
  authorization_pending: "pending",
  slow_down: "slow-down",
  expired_token: "expired",
  access_denied: "denied",
  invalid_grant: "invalid-grant",
  invalid_client: "invalid-client",
  unauthorized_client: "refused",
  unsupported_grant_type: "refused",
  invalid_scope: "refused",
  invalid_request: "refused",
  invalid_client_metadata: "refused",
  invalid_redirect_uri: "refused",
};

function refusalIn(answer: Answer | undefined): OidcError | undefined {
  if (!answer || answer.status < 400 || answer.status >= 500) return undefined;
  try {
    const { error } = v.parse(Refusal, JSON.parse(fromUtf8(answer.body)));
    return Object.hasOwn(REFUSALS, error) ? { code: REFUSALS[error]! } : undefined;
  } catch {
    return undefined;
  }
}

function openClient(region: Region): SSOOIDCClient {
  return new SSOOIDCClient({
    region,
    endpoint: `https://${oidcHost(region)}`,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    requestHandler: handler,
  });
}
