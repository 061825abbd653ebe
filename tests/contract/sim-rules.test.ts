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

describe("tokens", () => {
  test("work in their own region only, and not after the session has ended", async () => {
    const token = sim.signIn("ana", "acme");
    const header = { "x-amz-sso_bearer_token": token };
    const at = (region: string) =>
      callHost(sim, `portal.sso.${region}.amazonaws.com`, "/token/whoAmI", { headers: header });
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
    const bad = await callHost(sim, "console.jumpcloud.com", "/userconsole/xsrf");
    expect(bad.headers["content-type"]).toContain("text/html");
    const good = await callHost(sim, "console.jumpcloud.com", "/userconsole/xsrf");
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
    const answer = await callHost(sim, "portal.sso.us-east-1.amazonaws.com", "/instance/nothing");
    expect(answer.status).toBe(500);
    expect(answer.body).toContain("GET portal.sso.us-east-1.amazonaws.com/instance/nothing");
    await callHost(sim, "evil-awsapps.com", "/start");
    expect(sim.world.unknownCalls).toEqual([
      "GET portal.sso.us-east-1.amazonaws.com/instance/nothing",
      "GET evil-awsapps.com/start",
    ]);
  });

  test("gives the portal's own pages leave to call its API, and no stranger", async () => {
    const preflight = (origin: string) =>
      callHost(sim, "portal.sso.us-east-1.amazonaws.com", "/federation/credentials", {
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
      const page = await callHost(sim, host, "/");
      expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    }
    expect((await callHost(sim, "acme.awsapps.com", "/start?x=1")).headers.location).toBe("/start/?x=1");
  });

  test("keeps its controls off every host but loopback", async () => {
    const answer = await callHost(sim, "portal.sso.us-east-1.amazonaws.com", "/__sim/state");
    expect(answer.status).toBe(500);
  });
});
