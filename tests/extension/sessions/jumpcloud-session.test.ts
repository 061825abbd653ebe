import { describe, expect, it } from "vitest";
import { JumpcloudMemory } from "../../../extension/src/sessions/jumpcloud-memory.ts";
import { awsSignInUrl, checkJumpcloud } from "../../../extension/src/sessions/jumpcloud-session.ts";
import { FakeArea } from "../messaging/fake-browser.ts";

const US = "https://console.jumpcloud.com" as const;
const json = (body: unknown): Response => Response.json(body);
const redirect = (): Response => new Response(null, { status: 302, headers: { location: "/login" } });
const page = (): Response => new Response("<html>", { headers: { "content-type": "text/html" } });

/** The console of the US answers so; the others know nobody, unless told otherwise. */
function portsWith(us: () => Response, elsewhere: () => Response = () => new Response("", { status: 401 })) {
  const asked: string[] = [];
  const fetch = async (input: unknown): Promise<Response> => {
    asked.push(String(input));
    return String(input).startsWith(US) ? us() : elsewhere();
  };
  return { fetch: fetch as typeof globalThis.fetch, asked };
}

describe("the JumpCloud session", () => {
  it("is live when the console knows its user, and then no other console is asked", async () => {
    const ports = portsWith(() => json({ firstname: "Ana", email: "ana@acme.example" }));
    expect(await checkJumpcloud(ports, US)).toEqual({ status: "live", console: US, name: "Ana" });
    expect(ports.asked).toEqual([`${US}/userconsole/api/self`]);
  });

  it("is found in another region's console, which is asked first from then on", async () => {
    const india = "https://console.in.jumpcloud.com";
    const asked: string[] = [];
    const fetch = (async (input: unknown) => {
      asked.push(new URL(String(input)).origin);
      return String(input).startsWith(india) ? json({ username: "ana" }) : redirect();
    }) as typeof globalThis.fetch;
    const memory = new JumpcloudMemory(
      { local: new FakeArea(), session: new FakeArea() },
      { fetch },
      () => 7,
    );
    expect(await memory.check()).toMatchObject({ status: "live", console: india, name: "ana" });
    asked.length = 0;
    await memory.check();
    expect(new Set(asked)).toEqual(new Set([india]));
    expect(await memory.view()).toEqual({ status: "live", name: "ana", checkedAtMs: 7, tile: false });
  });

  it.each([
    ["a redirect to the sign-in page", redirect],
    ["a 401", () => new Response("{}", { status: 401 })],
  ])("is signed out at %s, whatever the cookie says", async (_, answer) => {
    expect(await checkJumpcloud(portsWith(answer), US)).toEqual({ status: "signed-out" });
  });

  it.each([
    ["a maintenance page in the place of JSON", page],
    ["a server error", () => new Response("", { status: 503 })],
    ["JSON that is none", () => new Response("<", { headers: { "content-type": "application/json" } })],
  ])("is unknown at %s", async (_, answer) => {
    expect(await checkJumpcloud(portsWith(answer), US)).toEqual({ status: "unknown" });
  });
});

describe("the way from JumpCloud to AWS", () => {
  const aws = {
    displayLabel: "AWS IAM Identity Center",
    name: "aws",
    ssoUrl: "https://sso.jumpcloud.com/saml2/aws-acme",
  };
  const wiki = {
    displayLabel: "Laws of the wiki",
    name: "wiki",
    ssoUrl: "https://sso.jumpcloud.com/saml2/wiki",
  };

  it("is the link of the one application for AWS", async () => {
    const ports = portsWith(() => json([wiki, { odd: true }, aws]));
    expect(await awsSignInUrl(ports, US)).toBe(aws.ssoUrl);
  });

  it.each([
    [
      "there are two, because nobody could say which",
      [aws, { ...aws, ssoUrl: "https://sso.jumpcloud.com/saml2/b" }],
    ],
    [
      "it leads away from JumpCloud",
      [{ ...aws, ssoUrl: "https://sso.jumpcloud.com.evil.example/saml2/aws" }],
    ],
    ["it is no https address", [{ ...aws, ssoUrl: "javascript:alert(1)" }]],
    ["the list is none", { aws }],
  ])("is not offered when %s", async (_, answer) => {
    const ports = portsWith(() => json(answer));
    expect(await awsSignInUrl(ports, US)).toBeUndefined();
  });
});
