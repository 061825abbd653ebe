import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeResponse } from "../sim/saml.ts";
import { type Sim, startSim } from "../sim/start.ts";

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

/** Sends a call as if to a real host; `fetch` would not let the Host header through. */
async function to(
  host: string,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { request } = await import("node:http");
  return new Promise<{
    status: number;
    headers: Record<string, string | string[] | undefined>;
    body: string;
  }>((resolve, reject) => {
    const { method = "GET", headers = {}, body = "" } = init;
    const call = request(
      { port: sim.httpPort, host: "127.0.0.1", path, method, headers: { host, ...headers } },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

describe("tokens", () => {
  test("work in their own region only, and not after the session has ended", async () => {
    const token = sim.signIn("ana", "acme");
    const header = { "x-amz-sso_bearer_token": token };
    const at = (region: string) =>
      to(`portal.sso.${region}.amazonaws.com`, "/token/whoAmI", { headers: header });
    expect((await at("us-east-1")).status).toBe(200);
    expect((await at("eu-central-1")).status).toBe(401);
    sim.endSession(token);
    expect((await at("us-east-1")).status).toBe(401);
  });

  test("run out with the world's clock, while issued role credentials live on after logout", async () => {
    const token = sim.signIn("ana", "acme", { sessionSeconds: 900 });
    const issued = await (await credentials(token)).json();
    await fetch(`${sim.origin}/logout`, { method: "POST", headers: { "x-amz-sso_bearer_token": token } });
    expect((await credentials(token)).status).toBe(401);
    const keys = sim.world.credentials.find(issued.roleCredentials.accessKeyId);
    expect(keys && sim.world.credentials.hasExpired(keys)).toBe(false);

    const later = sim.signIn("ana", "acme", { sessionSeconds: 900 });
    sim.world.clockOffsetMs = 901_000;
    const late = await credentials(later);
    expect(late.status).toBe(401);
    expect(Date.parse(late.headers.get("date") ?? "") - Date.now()).toBeGreaterThan(895_000);
  });

  test("tell two directories apart that share an account and a role", async () => {
    const path = "/federation/credentials?account_id=555566667777&role_name=ReadOnly";
    for (const name of ["acme", "globex"]) {
      const headers = { "x-amz-sso_bearer_token": sim.signIn("ana", name) };
      const answer = await (await fetch(sim.origin + path, { headers })).json();
      const issued = sim.world.credentials.find(answer.roleCredentials.accessKeyId);
      expect(issued?.directory.spec.name).toBe(name);
    }
    const ben = { "x-amz-sso_bearer_token": sim.signIn("ben", "acme") };
    expect((await fetch(sim.origin + path, { headers: ben })).status).toBe(403);
  });
});

describe("faults", () => {
  test("a held call waits until it is released, and the test can wait for it to be held", async () => {
    const token = sim.signIn("ana", "acme");
    sim.faults.add({ operation: "GetRoleCredentials", kind: "hold" });
    let answered = false;
    const call = credentials(token).finally(() => {
      answered = true;
    });
    await sim.faults.waiting("GetRoleCredentials");
    expect(answered).toBe(false);
    expect(sim.faults.held("GetRoleCredentials")).toBe(1);
    sim.faults.release();
    expect((await call).status).toBe(200);
    expect(sim.calls("GetRoleCredentials")).toBe(1);
  });

  test("end after as many calls as they were meant for", async () => {
    const token = sim.signIn("ana", "acme");
    sim.faults.add({ operation: "GetRoleCredentials", kind: "error", status: 503, times: 2 });
    const statuses = [await credentials(token), await credentials(token), await credentials(token)];
    expect(statuses.map(({ status }) => status)).toEqual([503, 503, 200]);
  });

  test("garbage is HTML where JSON should be", async () => {
    sim.faults.add({ operation: "JumpCloudXsrf", kind: "garbage", times: 1 });
    const bad = await to("console.jumpcloud.com", "/userconsole/xsrf");
    expect(bad.headers["content-type"]).toContain("text/html");
    const good = await to("console.jumpcloud.com", "/userconsole/xsrf");
    expect(JSON.parse(good.body).xsrf).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a hanging call ends when its caller gives up, and closing the world ends the rest", async () => {
    const token = sim.signIn("ana", "acme");
    sim.faults.add({ operation: "GetRoleCredentials", kind: "hang" });
    await expect(credentials(token, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    const hanging = credentials(token).then(
      ({ status }) => status,
      () => "cut",
    );
    await sim.close();
    expect([503, "cut"]).toContain(await hanging);
  });

  test("the rate limit answers 429 without Retry-After, for each token by itself", async () => {
    sim.faults.rateLimit = 20;
    const [one, other] = [sim.signIn("ana", "acme"), sim.signIn("ana", "acme")];
    const burst = await Promise.all(Array.from({ length: 25 }, () => credentials(one)));
    const refused = burst.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.headers.get("retry-after")).toBeNull();
    expect((await credentials(other)).status).toBe(200);
  });
});

describe("the world", () => {
  test("refuses a call it does not know, names it, and remembers it", async () => {
    const answer = await to("portal.sso.us-east-1.amazonaws.com", "/instance/nothing");
    expect(answer.status).toBe(500);
    expect(answer.body).toContain("GET portal.sso.us-east-1.amazonaws.com/instance/nothing");
    await to("evil-awsapps.com", "/start");
    expect(sim.world.unknownCalls).toEqual([
      "GET portal.sso.us-east-1.amazonaws.com/instance/nothing",
      "GET evil-awsapps.com/start",
    ]);
  });

  test("gives the portal's own pages leave to call its API, and no stranger", async () => {
    const preflight = (origin: string) =>
      to("portal.sso.us-east-1.amazonaws.com", "/federation/credentials", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "GET" },
      });
    const own = await preflight("https://acme.awsapps.com");
    expect(own.status).toBe(200);
    expect(own.headers["access-control-allow-origin"]).toBe("https://acme.awsapps.com");
    expect(own.headers["access-control-allow-headers"]).toContain("x-amz-sso_bearer_token");
    expect((await preflight("https://evil.example")).headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("shows its state without a secret", async () => {
    const token = sim.signIn("ana", "acme");
    const issued = await (await credentials(token)).json();
    const state = await (await fetch(`${sim.origin}/__sim/state`)).text();
    const calls = await (await fetch(`${sim.origin}/__sim/calls`)).text();
    expect(JSON.parse(calls).totals).toEqual({ GetRoleCredentials: 1 });
    for (const secret of [token, ...Object.values<string>(issued.roleCredentials).slice(0, 3)]) {
      expect(state + calls).not.toContain(secret);
    }
  });

  test("shows people who there is and how to get in", async () => {
    const page = await (await fetch(`${sim.origin}/`)).text();
    expect(page).toContain("ana@acme.example");
    expect(page).toContain(sim.world.totp("ana"));
  });

  test("serves a portal under its instance's names too, at the root", async () => {
    for (const host of [
      "ssoins-7223a1b2c3d4e5f6.portal.us-east-1.app.aws",
      "ssoins-7223a1b2c3d4e5f6.us-east-1.portal.amazonaws.com",
    ]) {
      const page = await to(host, "/");
      expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    }
    expect((await to("acme.awsapps.com", "/start?x=1")).headers.location).toBe("/start/?x=1");
  });

  test("keeps its controls off every host but loopback", async () => {
    const answer = await to("portal.sso.us-east-1.amazonaws.com", "/__sim/state");
    expect(answer.status).toBe(500);
  });
});

describe("the sign-in", () => {
  /** Posts an assertion for ana to acme's consumer, as the identity provider's form would. */
  function post(
    change: Partial<Parameters<typeof encodeResponse>[0]> = {},
    key = sim.world.jumpcloud.privateKey,
  ) {
    const acme = sim.world.directory("acme");
    const nowMs = Date.now();
    const assertion = {
      id: "_one",
      audience: acme.audience(),
      recipient: acme.acsUrl(),
      subject: "ana@acme.example",
      inResponseTo: undefined,
      notBeforeMs: nowMs - 1000,
      notOnOrAfterMs: nowMs + 60_000,
      ...change,
    };
    return send(encodeResponse(assertion, "JumpCloud", key, nowMs));
  }
  const send = (samlResponse: string) =>
    to("us-east-1.signin.aws", `/platform/saml/acs/${sim.world.directory("acme").spec.tenantId}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ SAMLResponse: samlResponse, RelayState: "" }).toString(),
    });

  test("takes an assertion once", async () => {
    const first = await post();
    expect(first.status).toBe(302);
    expect(first.headers.location).toMatch(
      /^https:\/\/acme\.awsapps\.com\/start\/\?workflowResultHandle=[0-9a-f-]{36}&state=/,
    );
    expect((await post()).status).toBe(403);
  });

  test("refuses an assertion for others, out of time, of strangers, or answering what was not asked", async () => {
    const globex = sim.world.directory("globex");
    expect((await post({ audience: globex.audience() })).status).toBe(403);
    expect((await post({ recipient: globex.acsUrl() })).status).toBe(403);
    expect((await post({ notOnOrAfterMs: Date.now() - 1 })).status).toBe(403);
    expect((await post({ subject: "eve@acme.example" })).status).toBe(403);
    expect((await post({ inResponseTo: "_never" })).status).toBe(403);
  });

  test("refuses an assertion that was changed or signed by another", async () => {
    await using other = await startSim();
    expect((await post({ id: "_two" }, other.world.jumpcloud.privateKey)).status).toBe(403);
    const acme = sim.world.directory("acme");
    const nowMs = Date.now();
    const forBen = encodeResponse(
      {
        id: "_three",
        audience: acme.audience(),
        recipient: acme.acsUrl(),
        subject: "ben@acme.example",
        inResponseTo: undefined,
        notBeforeMs: nowMs - 1000,
        notOnOrAfterMs: nowMs + 60_000,
      },
      "JumpCloud",
      sim.world.jumpcloud.privateKey,
      nowMs,
    );
    const forAna = Buffer.from(forBen, "base64").toString().replace("ben@", "ana@");
    expect((await send(Buffer.from(forAna).toString("base64"))).status).toBe(403);
    expect((await send(forBen)).status).toBe(302);
  });

  test("of JumpCloud hands its cookie to anybody, but tells who is signed in from who is not", async () => {
    const anonymous = await to("console.jumpcloud.com", "/userconsole/xsrf");
    const cookie =
      String(anonymous.headers["set-cookie"]).match(/_jumpcloud_user_console_=[0-9a-f]{32}/)?.[0] ?? "";
    expect(cookie).not.toBe("");
    const self = () => to("console.jumpcloud.com", "/userconsole/api/self", { headers: { cookie } });
    expect((await self()).status).toBe(401);

    const { xsrf } = JSON.parse(anonymous.body);
    const headers = { cookie, "content-type": "application/json", "x-xsrftoken": xsrf };
    const { email, password } = sim.world.user("ana");
    const auth = (body: object) =>
      to("console.jumpcloud.com", "/userconsole/auth", {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
    const asked = await auth({ email, password });
    expect(asked.status).toBe(401);
    expect(JSON.parse(asked.body)).toMatchObject({
      message: "MFA required.",
      factors: [{ type: "totp", status: "available" }, {}, {}, {}],
    });
    expect((await auth({ email, password, otp: sim.world.totp("ana") })).status).toBe(200);
    expect(JSON.parse((await self()).body)).toMatchObject({ email, firstname: "Ana" });
    const apps = await to("console.jumpcloud.com", "/userconsole/api/applications", { headers: { cookie } });
    expect(JSON.parse(apps.body).map(({ ssoUrl }: { ssoUrl: string }) => ssoUrl)).toEqual([
      "https://sso.jumpcloud.com/saml2/aws-acme",
      "https://sso.jumpcloud.com/saml2/aws-globex",
    ]);

    sim.world.clockOffsetMs = 61 * 60_000;
    expect((await self()).status).toBe(401);
  });
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
    const asked = await to("oidc.us-east-1.amazonaws.com", `/authorize?${query}`);
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
