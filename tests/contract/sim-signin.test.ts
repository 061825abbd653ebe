import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeResponse } from "../sim/saml.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { callHost } from "./sim-request.ts";

let sim: Sim;

beforeEach(async () => {
  sim = await startSim();
});
afterEach(() => sim.close());

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
    callHost(sim, "us-east-1.signin.aws", `/platform/saml/acs/${sim.world.directory("acme").spec.tenantId}`, {
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
    const anonymous = await callHost(sim, "console.jumpcloud.com", "/userconsole/xsrf");
    const cookie =
      String(anonymous.headers["set-cookie"]).match(/_jumpcloud_user_console_=[0-9a-f]{32}/)?.[0] ?? "";
    expect(cookie).not.toBe("");
    const self = () =>
      callHost(sim, "console.jumpcloud.com", "/userconsole/api/self", { headers: { cookie } });
    expect((await self()).status).toBe(401);

    const { xsrf } = JSON.parse(anonymous.body);
    const headers = { cookie, "content-type": "application/json", "x-xsrftoken": xsrf };
    const { email, password } = sim.world.user("ana");
    const auth = (body: object) =>
      callHost(sim, "console.jumpcloud.com", "/userconsole/auth", {
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
    const apps = await callHost(sim, "console.jumpcloud.com", "/userconsole/api/applications", {
      headers: { cookie },
    });
    expect(JSON.parse(apps.body).map(({ ssoUrl }: { ssoUrl: string }) => ssoUrl)).toEqual([
      "https://sso.jumpcloud.com/saml2/aws-acme",
      "https://sso.jumpcloud.com/saml2/aws-globex",
    ]);

    sim.world.clockOffsetMs = 61 * 60_000;
    expect((await self()).status).toBe(401);
  });
});
