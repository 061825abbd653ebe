import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  getRoleCredentials,
  listAccountRoles,
  listAccounts,
  logout,
  type PortalAccess,
  type PortalPorts,
} from "@jcfetch/shared/aws/portal-client";
import { fetchRoleCredentials } from "@jcfetch/shared/aws/role-credentials";
import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { Secret } from "@jcfetch/shared/secret";
import { describe, expect, it } from "vitest";
import { region, STORAGE, signedIn } from "./world.ts";

/** Through the SDK, and without it. */
const BOTH_WAYS = [
  ["a program with the SDK", getRoleCredentials],
  ["a broker", fetchRoleCredentials],
] as const;
type Way = (typeof BOTH_WAYS)[number][1];

async function allAccounts(access: PortalAccess, ports: PortalPorts): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page = await listAccounts(access, next, ports);
    if (!page.ok) throw new Error(page.error.code);
    found.push(...page.value.items.map(({ account }) => account));
    next = page.value.next;
  } while (next !== undefined);
  return found;
}

describe("the portal API", () => {
  it.each(BOTH_WAYS)(
    "[CR1] gives %s a role's credentials, whose expiry is in milliseconds",
    async (_, ask) => {
      await using world = await signedIn();
      const answer = await ask({ ...world.access, ...STORAGE }, world.ports);
      if (!answer.ok) throw new Error(answer.error.code);
      expect(answer.value.accessKeyId).toMatch(/^ASIA/);
      expect(answer.value.secretAccessKey.reveal()).not.toBe("");
      expect(answer.value.expiresAtMs).toBeGreaterThan(Date.now());
      expect(world.sim.calls("GetRoleCredentials")).toBe(1);
    },
  );

  it("lists every account and role, page after page, with the odd names that people give", async () => {
    await using world = await signedIn();
    const accounts = await allAccounts(world.access, world.ports);
    expect(new Set(accounts).size).toBe(accounts.length);
    expect(accounts.length).toBeGreaterThan(100);
    const odd = "200000000007" as AccountId;
    const roles = await listAccountRoles({ ...world.access, account: odd }, undefined, world.ports);
    expect(roles.ok && roles.value.items).toContain("a-role_with.every@sign+in=one,name");
    const role = "cost=center,finance" as RoleName;
    for (const [, ask] of BOTH_WAYS)
      expect((await ask({ ...world.access, account: odd, role }, world.ports)).ok).toBe(true);
  });

  it("ends the session where the user asked for it, and its token is refused from then on", async () => {
    await using world = await signedIn();
    expect(await logout(world.access, world.ports)).toEqual({ ok: true, value: null });
    const after = await getRoleCredentials({ ...world.access, ...STORAGE }, world.ports);
    expect(after).toEqual({ ok: false, error: { code: "unauthorized" } });
  });

  it.each(BOTH_WAYS)(
    "[CR8] %s asks only the host of the region, over TLS, with the token in a header and nowhere else",
    async (_, ask) => {
      const seen: string[] = [];
      const fetch: typeof globalThis.fetch = async (input, init) => {
        seen.push(String(input), JSON.stringify(init?.headers));
        return new Response(null, { status: 401 });
      };
      const token = new Secret("t-0123456789");
      const role = "a-role_with.every@sign+in=one,name" as RoleName;
      await ask({ region: region("eu-central-1"), token, ...STORAGE, role }, { fetch });
      const [url, headers] = seen;
      expect(new URL(url!).origin).toBe("https://portal.sso.eu-central-1.amazonaws.com");
      expect(url).toMatch(
        /\/federation\/credentials\?.*role_name=a-role_with\.every%40sign%2Bin%3Done%2Cname(&|$)/,
      );
      expect(url).not.toContain("t-0123456789");
      expect(JSON.parse(headers!)).toMatchObject({ "x-amz-sso_bearer_token": "t-0123456789" });
      expect(headers).not.toMatch(/"authorization"/i);
    },
  );

  it("[CR8] an environment that names another endpoint changes nothing", async () => {
    process.env.AWS_ENDPOINT_URL_SSO = "https://example.org";
    try {
      const hosts: string[] = [];
      const fetch: typeof globalThis.fetch = async (input) => {
        hosts.push(new URL(String(input)).host);
        return new Response(null, { status: 401 });
      };
      await getRoleCredentials(
        { region: region("us-east-1"), token: new Secret("t"), ...STORAGE },
        { fetch },
      );
      expect(hosts).toEqual(["portal.sso.us-east-1.amazonaws.com"]);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_SSO;
    }
  });
});

describe.each(BOTH_WAYS)("to %s a refusal keeps its meaning", (_, ask) => {
  it.each([
    ["throttle", "throttled"],
    ["unauthorized", "unauthorized"],
    ["forbidden", "forbidden"],
    ["garbage", "garbage"],
    ["error", "unreachable"],
  ] as const)("[CR5] %s is %s, after one call", async (kind, code) => {
    await using world = await signedIn();
    world.sim.faults.add({ operation: "GetRoleCredentials", kind });
    const answer = await ask({ ...world.access, ...STORAGE }, world.ports);
    expect(answer).toEqual({ ok: false, error: { code } });
    expect(world.sim.calls("GetRoleCredentials")).toBe(1);
  });

  it("[CR5] a role that is not assigned is forbidden", async () => {
    await using world = await signedIn();
    const role = "NoSuchRole" as RoleName;
    const answer = await ask({ ...world.access, ...STORAGE, role }, world.ports);
    expect(answer).toEqual({ ok: false, error: { code: "forbidden" } });
  });
});

it("tries again when the caller allows it", async () => {
  await using world = await signedIn();
  world.sim.faults.add({ operation: "ListAccounts", kind: "throttle", times: 1 });
  const page = await listAccounts(world.access, undefined, { ...world.ports, attempts: 3 });
  expect(page.ok).toBe(true);
  expect(world.sim.calls("ListAccounts")).toBe(2);
});

const whole = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "s",
  sessionToken: "t",
  expiration: 1_900_000_000_000,
};
const answering = (body: string, status = 200, headers: Record<string, string> = {}): RequestListener => {
  return (_, response) => response.writeHead(status, headers).end(body);
};
const credentials = (change: object): RequestListener =>
  answering(JSON.stringify({ roleCredentials: { ...whole, ...change } }));

async function askOf(ask: Way, listener: RequestListener, timeoutMs = 5_000) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetch: typeof globalThis.fetch = (input, init) =>
    globalThis.fetch(origin + new URL(String(input)).pathname, init);
  try {
    return await ask(
      { region: region("us-east-1"), token: new Secret("t"), ...STORAGE },
      { fetch, timeoutMs },
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it("shows an account's name as text, whatever a terminal would make of it", async () => {
  const name = "Acme \u001b[2J\r\nProd \u202e";
  const fetch = async () =>
    Response.json({ accountList: [{ accountId: "111122223333", accountName: name }] });
  const access = { region: region("us-east-1"), token: new Secret("t") };
  const page = await listAccounts(access, undefined, { fetch: fetch as never });
  expect(page.ok && page.value.items[0]?.name).toBe("Acme ?[2J??Prod ?");
});

describe.each(BOTH_WAYS)("to %s an answer that is not quite one", (_way, ask) => {
  it("[CR1] is used when it is whole (so that the refusals below mean something)", async () => {
    expect((await askOf(ask, credentials({}))).ok).toBe(true);
  });

  it.each([
    ["without a secret", credentials({ secretAccessKey: undefined })],
    ["with an empty token", credentials({ sessionToken: "" })],
    ["without an expiry", credentials({ expiration: undefined })],
    ["whose expiry counts seconds", credentials({ expiration: 1_900_000_000 })],
    [
      "whose expiry is after the last year that a date can have",
      credentials({ expiration: 9_000_000_000_000_000 }),
    ],
    ["whose expiry is no whole number", credentials({ expiration: 1_900_000_000_000.5 })],
    ["that is empty", answering("")],
    ["that is cut off", answering('{"roleCredentials":{"accessKeyId":"ASIA')],
    ["that is longer than 64 KiB", answering(" ".repeat(70_000))],
    ["that redirects", answering("", 302, { location: "https://example.org/" })],
    ["that refuses the request itself", answering('{"message":"x"}', 400)],
  ])("[CR5] %s is garbage", async (_, listener) => {
    expect(await askOf(ask, listener)).toEqual({ ok: false, error: { code: "garbage" } });
  });

  it("[CR5] tells how long to wait where AWS said so", async () => {
    const answer = await askOf(ask, answering("{}", 429, { "retry-after": "7" }));
    expect(answer).toEqual({ ok: false, error: { code: "throttled", retryAfterMs: 7_000 } });
  });

  it.each([
    ["never comes", () => {}],
    ["stops in the middle", (_, response) => response.writeHead(200).write("{")],
    ["breaks off", (request) => request.socket.destroy()],
  ] as [string, RequestListener][])(
    "[CR5] that %s is unreachable, within the time given",
    async (_, listener) => {
      expect(await askOf(ask, listener, 200)).toEqual({ ok: false, error: { code: "unreachable" } });
    },
  );
});
