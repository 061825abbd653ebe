import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sim, startSim } from "../sim/start.ts";

const CHECKER = fileURLToPath(new URL("sim-models.py", import.meta.url));
const START_URL = "https://acme.awsapps.com/start";
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** One answer as it came over the wire, with the name AWS's model has for its call. */
interface Exchange {
  readonly service: "sso" | "sso-oidc";
  readonly operation: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let sim: Sim;
let exchanges: Exchange[] = [];

beforeAll(async () => {
  sim = await startSim();
});
afterAll(() => sim.close());

async function ask(
  service: Exchange["service"],
  operation: string,
  path: string,
  init: RequestInit = {},
): Promise<Exchange> {
  const response = await fetch(sim.origin + path, init);
  const exchange = {
    service,
    operation,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
  exchanges.push(exchange);
  return exchange;
}

const get = (operation: string, path: string, token: string, method = "GET") =>
  ask("sso", operation, path, { method, headers: { "x-amz-sso_bearer_token": token } });

async function post(operation: string, path: string, body: object) {
  const exchange = await ask("sso-oidc", operation, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: exchange.status, ...JSON.parse(exchange.body) };
}

function problems(recorded: readonly Exchange[]): string[] {
  return JSON.parse(
    execFileSync("/usr/bin/python3", [CHECKER], { input: JSON.stringify(recorded), encoding: "utf8" }),
  );
}

async function portalExchanges(): Promise<void> {
  const token = sim.signIn("ana", "acme");
  const credentials = "/federation/credentials?account_id=999999999999&role_name=S3Admin";
  await get("ListAccounts", "/assignment/accounts", token);
  await get("ListAccounts", "/assignment/accounts?max_result=7", token);
  await get("ListAccounts", "/assignment/accounts?max_result=101", token);
  await get("ListAccounts", "/assignment/accounts?next_token=bent", token);
  await get("ListAccounts", "/assignment/accounts", "nobody");
  await get("ListAccountRoles", "/assignment/roles?account_id=200000000007", token);
  await get("ListAccountRoles", "/assignment/roles?account_id=200000000008", token);
  await get("ListAccountRoles", "/assignment/roles", token);
  await get("ListAccountRoles", "/assignment/roles?account_id=000000000000", token);
  await get("GetRoleCredentials", credentials, token);
  await get("GetRoleCredentials", "/federation/credentials?account_id=999999999999", token);
  await get("GetRoleCredentials", "/federation/credentials?account_id=999999999999&role_name=Nobody", token);
  for (const kind of ["throttle", "unauthorized", "forbidden", "error"] as const) {
    sim.faults.add({ operation: "GetRoleCredentials", kind, times: 1 });
    await get("GetRoleCredentials", credentials, token);
  }
  await get("Logout", "/logout", token, "POST");
  await get("Logout", "/logout", token, "POST");
}

async function oidcExchanges(): Promise<void> {
  const registration = { clientName: "a-test", clientType: "public", scopes: ["sso:account:access"] };
  const client = await post("RegisterClient", "/client/register", registration);
  await post("RegisterClient", "/client/register", { ...registration, clientType: "confidential" });
  await post("RegisterClient", "/client/register", { ...registration, scopes: ["everything"] });
  await post("RegisterClient", "/client/register", {});
  const identity = { clientId: client.clientId, clientSecret: client.clientSecret };
  const start = (startUrl: string) =>
    post("StartDeviceAuthorization", "/device_authorization", { ...identity, startUrl });
  const device = await start(START_URL);
  await start("https://nobody.awsapps.com/start");
  await post("StartDeviceAuthorization", "/device_authorization", {
    clientId: "x",
    clientSecret: "y",
    startUrl: START_URL,
  });

  const create = (body: object) => post("CreateToken", "/token", { ...identity, ...body });
  const poll = (deviceCode: string) => create({ grantType: DEVICE_GRANT, deviceCode });
  const atOnce = await Promise.all([1, 2, 3].map(() => poll(device.deviceCode)));
  expect(atOnce.map(({ error }) => error).sort()).toEqual([
    "authorization_pending",
    "authorization_pending",
    "slow_down",
  ]);
  await answer(device.userCode, "accepted");
  const tokens = await poll(device.deviceCode);
  expect(tokens).toMatchObject({ status: 200, expiresIn: 3600, tokenType: "Bearer" });
  await poll(device.deviceCode);

  const denied = await start(START_URL);
  await answer(denied.userCode, "denied");
  await poll(denied.deviceCode);
  const late = await start(START_URL);
  sim.world.clockOffsetMs = 601_000;
  expect(await poll(late.deviceCode)).toMatchObject({ status: 400, error: "expired_token" });
  sim.world.clockOffsetMs = 0;

  await create({ grantType: "refresh_token", refreshToken: tokens.refreshToken });
  await create({ grantType: "refresh_token", refreshToken: "none" });
  await create({ grantType: "password" });
  await create({});
  expect(await post("CreateToken", "/token", { ...identity, clientSecret: "wrong" })).toMatchObject({
    status: 401,
    error: "invalid_client",
  });
  sim.faults.add({ operation: "CreateToken", kind: "error", times: 1 });
  await create({ grantType: "refresh_token", refreshToken: "none" });
}

async function answer(userCode: string, decision: "accepted" | "denied"): Promise<void> {
  const response = await fetch(`${sim.origin}/__sim/device/answer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ userCode, user: "ana", decision }),
  });
  expect(response.status).toBe(200);
}

describe("the simulator's answers", () => {
  test("fit botocore's models of sso and sso-oidc, in success and in error", async () => {
    exchanges = [];
    await portalExchanges();
    await oidcExchanges();
    expect(problems(exchanges)).toEqual([]);
    const seen = new Set(exchanges.map(({ operation, status }) => `${operation} ${status}`));
    expect(seen).toEqual(
      new Set([
        ...["ListAccounts 200", "ListAccounts 400", "ListAccounts 401"],
        ...["ListAccountRoles 200", "ListAccountRoles 400", "ListAccountRoles 403"],
        ...[200, 400, 401, 403, 429, 500].map((status) => `GetRoleCredentials ${status}`),
        ...["Logout 200", "Logout 401"],
        ...["RegisterClient 200", "RegisterClient 400"],
        ...["StartDeviceAuthorization 200", "StartDeviceAuthorization 400", "StartDeviceAuthorization 401"],
        ...["CreateToken 200", "CreateToken 400", "CreateToken 401", "CreateToken 500"],
      ]),
    );
  });

  test("would be found out by the same check if they were wrong", () => {
    const headers = { "content-type": "application/json", "x-amzn-requestid": "1" };
    const bent = (operation: string, status: number, body: object, more = {}): Exchange => ({
      service: "sso",
      operation,
      status,
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    });
    expect(
      problems([
        bent("ListAccounts", 200, { accountList: [{ accountId: 12 }], nextPage: "x" }),
        bent("ListAccounts", 500, { message: "no" }, { "x-amzn-errortype": "UnauthorizedException" }),
        bent("GetRoleCredentials", 200, { roleCredentials: { expiration: "2026-01-01T00:00:00Z" } }),
        bent("Logout", 404, { message: "no" }, { "x-amzn-errortype": "ResourceNotFoundException" }),
      ]),
    ).toEqual([
      "ListAccounts 200: ListAccounts.accountList[0].accountId: int instead of string",
      "ListAccounts 200: ListAccounts.nextPage: not in the model",
      "ListAccounts 500: UnauthorizedException with status 500 instead of 401",
      "GetRoleCredentials 200: GetRoleCredentials.roleCredentials.expiration: str instead of long",
      "Logout 404: ResourceNotFoundException is no error of Logout",
    ]);
  });
});
