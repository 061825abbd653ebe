import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Sim, startSim } from "../sim/start.ts";
import { callHost } from "./sim-request.ts";

let sim: Sim;

beforeEach(async () => {
  sim = await startSim();
});
afterEach(() => sim.close());

const credentials = (token: string, init: RequestInit = {}) =>
  fetch(`${sim.origin}/federation/credentials?account_id=999999999999&role_name=S3Admin`, {
    ...init,
    headers: { "x-amz-sso_bearer_token": token },
  });

describe("OIDC", () => {
  const json = async (path: string, body: object) => {
    const response = await fetch(sim.origin + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...(await response.json()) };
  };
  const register = (
    scopes: readonly string[] = ["sso:account:access"],
    issuerUrl = "https://acme.awsapps.com/start",
  ) =>
    json("/client/register", {
      clientName: "a-test",
      clientType: "public",
      scopes,
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: ["http://127.0.0.1/oauth/callback"],
      issuerUrl,
    });

  const verifier = "v".repeat(64);
  const redirectUri = "http://127.0.0.1:41437/oauth/callback";

  /** Goes through the browser's part: asks, lets ana allow it, and returns the callback's query. */
  async function authorize(clientId: string, uri = redirectUri): Promise<URLSearchParams | number> {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: uri,
      state: "a-state",
      code_challenge_method: "S256",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      scopes: "sso:account:access",
    });
    const asked = await callHost(sim, "oidc.us-east-1.amazonaws.com", `/authorize?${query}`);
    if (asked.status !== 302) return asked.status;
    const location = String(asked.headers.location);
    expect(location).toMatch(/^https:\/\/acme\.awsapps\.com\/start\/#\/consent\?context=/);
    const context = new URLSearchParams(location.split("?")[1]).get("context");
    const userSessionId = sim.signIn("ana", "acme");
    const answer = await json("/authorize/answer", { contextId: context, allow: true, userSessionId });
    return new URL(answer.redirectUrl).searchParams;
  }

  test("gives tokens for a code, its verifier and its redirect, once", async () => {
    const { clientId, clientSecret } = await register();
    const back = await authorize(clientId);
    if (typeof back === "number") throw new Error(`authorize answered ${back}`);
    expect(back.get("state")).toBe("a-state");
    const exchange = {
      clientId,
      clientSecret,
      grantType: "authorization_code",
      code: back.get("code"),
      redirectUri,
    };
    const tokens = await json("/token", { ...exchange, codeVerifier: verifier });
    expect(tokens).toMatchObject({ status: 200, expiresIn: 3600 });
    expect((await credentials(tokens.accessToken)).status).toBe(200);
    expect(await json("/token", { ...exchange, codeVerifier: verifier })).toMatchObject({
      error: "invalid_grant",
    });
  });

  test("refuses a wrong verifier and a redirect that was not registered", async () => {
    const { clientId, clientSecret } = await register();
    const back = await authorize(clientId);
    if (typeof back === "number") throw new Error(`authorize answered ${back}`);
    const code = back.get("code");
    const exchange = { clientId, clientSecret, grantType: "authorization_code", code, redirectUri };
    expect(await json("/token", { ...exchange, codeVerifier: "w".repeat(64) })).toMatchObject({
      status: 400,
      error: "invalid_grant",
    });
    expect(await authorize(clientId, "http://127.0.0.1:41437/elsewhere")).toBe(400);
    expect(await authorize(clientId, "https://evil.example/oauth/callback")).toBe(400);
  });

  /** A first pair of tokens, by way of a device code. */
  async function tokensOf(directory: "acme" | "globex", scopes?: readonly string[]) {
    const { clientId, clientSecret } = await register(scopes);
    const identity = { clientId, clientSecret };
    const startUrl = `https://${directory}.awsapps.com/start`;
    const device = await json("/device_authorization", { ...identity, startUrl });
    await json("/__sim/device/answer", { userCode: device.userCode, user: "ana" });
    const grantType = "urn:ietf:params:oauth:grant-type:device_code";
    const tokens = await json("/token", { ...identity, grantType, deviceCode: device.deviceCode });
    const refresh = (refreshToken: string) =>
      json("/token", { ...identity, grantType: "refresh_token", refreshToken });
    return { tokens, refresh };
  }

  test("with strict rotation ends the grant when a refresh token comes twice", async () => {
    const { tokens, refresh } = await tokensOf("acme");
    const second = await refresh(tokens.refreshToken);
    expect(second.status).toBe(200);
    expect(await refresh(tokens.refreshToken)).toMatchObject({ error: "invalid_grant" });
    expect(await refresh(second.refreshToken)).toMatchObject({ error: "invalid_grant" });
  });

  test("with lenient rotation takes an older refresh token again, until the session ends", async () => {
    const { tokens, refresh } = await tokensOf("globex");
    const second = await refresh(tokens.refreshToken);
    expect((await refresh(tokens.refreshToken)).status).toBe(200);
    sim.endSession(tokens.accessToken);
    expect(await refresh(second.refreshToken)).toMatchObject({ status: 400, error: "invalid_grant" });
  });

  test("without a scope gives eight hours and no refresh token", async () => {
    const { tokens } = await tokensOf("acme", []);
    expect(tokens.refreshToken).toBeNull();
    expect(tokens.expiresIn).toBeGreaterThan(8 * 3600 - 5);
  });

  test("does not let a CreateToken token open the console", async () => {
    const { tokens } = await tokensOf("acme");
    const path = "/federation/console?account_id=999999999999&role_name=S3Admin";
    const at = (token: string) => fetch(sim.origin + path, { headers: { "x-amz-sso_bearer_token": token } });
    expect((await at(tokens.accessToken)).status).toBe(403);
    expect((await at(sim.signIn("ana", "acme"))).status).toBe(200);
  });
});
