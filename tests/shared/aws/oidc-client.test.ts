import { createHash } from "node:crypto";
import {
  type Application,
  authorizeUrl,
  createToken,
  type Flow,
  type Registration,
  registerClient,
  startDeviceAuthorization,
} from "@jcfetch/shared/aws/oidc-client";
import { Secret } from "@jcfetch/shared/secret";
import { describe, expect, it } from "vitest";
import { type Sim, startSim } from "../../sim/start.ts";
import { reaching, region } from "./world.ts";

const SCOPES = ["sso:account:access"];

async function registered(flow: Flow, directory = "acme", scopes = SCOPES) {
  const sim = await startSim();
  const ports = { fetch: reaching(sim) };
  const { spec } = sim.world.directory(directory);
  const startUrl = `https://${spec.alias}.awsapps.com/start`;
  const at: Application = { region: region(spec.region), startUrl, scopes };
  const client = await registerClient(at, { name: "a test", flow }, ports);
  if (!client.ok) throw new Error(client.error.code);
  return { sim, ports, at, client: client.value, [Symbol.asyncDispose]: () => sim.close() };
}

type World = Awaited<ReturnType<typeof registered>>;

/** Tokens by way of a device code that ana allows. */
async function tokens({ sim, ports, at, client }: World) {
  const device = await startDeviceAuthorization(at, client, ports);
  if (!device.ok) throw new Error(device.error.code);
  const { deviceCode, userCode } = device.value;
  const ask = () => createToken(at, client, { kind: "device", deviceCode }, ports);
  const first = await ask();
  const authorization = sim.world.oidc.deviceByUserCode(userCode)!;
  const directory = sim.world.findDirectory(({ startUrl }) => startUrl === authorization.startUrl)!;
  authorization.session = sim.world.sessions.open(sim.world.user("ana"), directory).token.session;
  const second = await ask();
  if (!second.ok) throw new Error(second.error.code);
  const refresh = (token: Secret<string>) =>
    createToken(at, client, { kind: "refresh", refreshToken: token }, ports);
  return { device: device.value, first, second: second.value, refresh, ask };
}

describe("the OIDC API", () => {
  it("registers, hands out a device code, and a token once the person has said yes", async () => {
    await using world = await registered("device-code");
    expect(world.client.expiresAtMs).toBeGreaterThan(Date.now() + 80 * 86_400_000);
    const { device, first, second, ask } = await tokens(world);
    expect(device.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(device.urlWithCode).toBe(`${device.url}?user_code=${device.userCode}`);
    expect(device).toMatchObject({ expiresInMs: 600_000, intervalMs: 1_000 });
    expect(first).toEqual({ ok: false, error: { code: "pending" } });
    expect(second.accessToken.reveal()).toMatch(/^aoa/);
    expect(second.refreshToken?.reveal()).toMatch(/^aor/);
    expect(second.expiresInMs).toBeGreaterThan(3_500_000);
    expect(await ask()).toEqual({ ok: false, error: { code: "invalid-grant" } });
    expect(world.sim.world.unknownCalls).toEqual([]);
  });

  it("refreshes, and tells a token that was used before or whose session is over", async () => {
    await using world = await registered("device-code");
    const { second, refresh } = await tokens(world);
    const next = await refresh(second.refreshToken!);
    expect(next.ok && next.value.refreshToken?.reveal()).not.toBe(second.refreshToken!.reveal());
    expect(await refresh(second.refreshToken!)).toEqual({ ok: false, error: { code: "invalid-grant" } });
  });

  it("gives no refresh token without a scope", async () => {
    await using world = await registered("device-code", "acme", []);
    const { second } = await tokens(world);
    expect(second.refreshToken).toBeUndefined();
    expect(second.expiresInMs).toBeGreaterThan(7 * 3_600_000);
  });

  it("[DM1] gives a token for a code to the holder of the verifier alone", async () => {
    await using world = await registered("pkce", "globex");
    const verifier = "v".repeat(43);
    const given = {
      clientId: world.client.clientId,
      redirectUri: "http://127.0.0.1:41437/oauth/callback",
      state: "a state",
      challenge: createHash("sha256").update(verifier).digest("base64url"),
    };
    const url = new URL(authorizeUrl(world.at, given));
    expect(url.origin).toBe("https://oidc.eu-central-1.amazonaws.com");
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    expect(url.href).not.toContain(verifier);
    const exchange = async (held: string) => {
      const code = new Secret(await codeFrom(world.sim, url));
      const grant = {
        kind: "code",
        code,
        verifier: new Secret(held),
        redirectUri: given.redirectUri,
      } as const;
      return createToken(world.at, world.client, grant, world.ports);
    };
    expect(await exchange("w".repeat(43))).toEqual({ ok: false, error: { code: "invalid-grant" } });
    expect((await exchange(verifier)).ok).toBe(true);
  });

  it("says why AWS does not take a request, and nothing of what the answer said", async () => {
    await using world = await registered("device-code");
    const { sim, ports, at, client } = world;
    const stranger: Registration = { ...client, clientSecret: new Secret("another") };
    expect(await startDeviceAuthorization(at, stranger, ports)).toEqual({
      ok: false,
      error: { code: "invalid-client" },
    });
    const elsewhere = { ...at, startUrl: "https://nobody.awsapps.com/start" };
    expect(await startDeviceAuthorization(elsewhere, client, ports)).toEqual({
      ok: false,
      error: { code: "refused" },
    });
    for (const [kind, code] of [
      ["error", "unreachable"],
      ["garbage", "garbage"],
      ["forbidden", "denied"],
      ["throttle", "slow-down"],
    ] as const) {
      sim.faults.add({ operation: "StartDeviceAuthorization", kind, times: 1 });
      expect(await startDeviceAuthorization(at, client, ports)).toEqual({ ok: false, error: { code } });
    }
  });
});

describe("an answer with an address that is made for a shell", () => {
  const answering = (path: string) => async () =>
    Response.json({
      ...{ deviceCode: "d", userCode: "ABCD-EFGH", expiresIn: 600, interval: 1 },
      verificationUri: "https://acme.awsapps.com/start/#/device",
      verificationUriComplete: `https://acme.awsapps.com/start/${path}`,
    });
  const asked = (path: string) =>
    startDeviceAuthorization(
      { region: region("us-east-1"), startUrl: "https://acme.awsapps.com/start", scopes: SCOPES },
      { clientId: "c", clientSecret: new Secret("s"), expiresAtMs: 0 },
      { fetch: answering(path) as never },
    );

  it("[DM4] is taken without it (so that the refusals below mean something)", async () => {
    expect((await asked("#/device?user_code=ABCD-EFGH&a=%20")).ok).toBe(true);
  });

  it.each([
    "|calc.exe",
    '"&calc.exe"',
    "^|calc",
    ">out",
    "<in",
    "(calc)",
    "$(id)",
    "`id`",
    "a;b",
    "a'b",
    "a b",
    "\u001b[2J",
  ])("[DM4] is refused: %j", async (path) => {
    expect(await asked(path)).toEqual({ ok: false, error: { code: "garbage" } });
  });
});

/** What the browser does: asks, lets ana allow it, and is sent back with a code. */
async function codeFrom(sim: Sim, url: URL): Promise<string> {
  const asked = await fetch(`${sim.origin}${url.pathname}${url.search}`);
  const context = /name="context" value="([^"]+)"/.exec(await asked.text())?.[1] ?? "";
  const body = new URLSearchParams({ context, answer: "yes:ana" });
  const back = await fetch(`${sim.origin}/__sim/consent`, { method: "POST", body, redirect: "manual" });
  return new URL(back.headers.get("location") ?? "").searchParams.get("code") ?? "";
}
