import { describe, expect, it } from "vitest";
import { awsSignInUrl, checkJumpcloud } from "../../../extension/src/sessions/jumpcloud-session.ts";
import { FakeCookies } from "../messaging/fake-browser.ts";

const US = "https://console.jumpcloud.com" as const;
const json = (body: unknown): Response => Response.json(body);
const redirect = (): Response => new Response(null, { status: 302, headers: { location: "/login" } });
const page = (): Response => new Response("<html>", { headers: { "content-type": "text/html" } });

async function portsWith(answer: (url: string) => Response, cookieAt: string[] = ["console.jumpcloud.com"]) {
  const cookies = new FakeCookies();
  for (const domain of cookieAt) {
    await cookies.set({ name: "_jumpcloud_user_console_", domain, value: "0".repeat(32) });
  }
  const asked: string[] = [];
  const fetch = async (input: unknown): Promise<Response> => {
    asked.push(String(input));
    return answer(String(input));
  };
  return { cookies, fetch: fetch as typeof globalThis.fetch, asked };
}

describe("the JumpCloud session", () => {
  it("is live when the console knows its user", async () => {
    const ports = await portsWith(() => json({ firstname: "Ana", email: "ana@acme.example" }));
    expect(await checkJumpcloud(ports)).toEqual({ status: "live", console: US, name: "Ana" });
    expect(ports.asked).toEqual([`${US}/userconsole/api/self`]);
  });

  it("is looked for in the console of the user's own region", async () => {
    const ports = await portsWith(() => json({ username: "ana" }), ["console.eu.jumpcloud.com"]);
    expect(await checkJumpcloud(ports)).toMatchObject({ console: "https://console.eu.jumpcloud.com" });
  });

  it("is not asked for where there is no cookie at all: nobody is signed in there", async () => {
    const ports = await portsWith(() => json({}), []);
    expect(await checkJumpcloud(ports)).toEqual({ status: "signed-out" });
    expect(ports.asked).toEqual([]);
  });

  it.each([
    ["a redirect to the sign-in page", redirect],
    ["a 401", () => new Response("{}", { status: 401 })],
  ])("is signed out at %s, whatever the cookie says", async (_, answer) => {
    expect(await checkJumpcloud(await portsWith(answer))).toEqual({ status: "signed-out" });
  });

  it.each([
    ["a maintenance page in the place of JSON", page],
    ["a server error", () => new Response("", { status: 503 })],
    ["JSON that is none", () => new Response("<", { headers: { "content-type": "application/json" } })],
  ])("is unknown at %s", async (_, answer) => {
    expect(await checkJumpcloud(await portsWith(answer))).toEqual({ status: "unknown" });
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
    const ports = await portsWith(() => json([wiki, { odd: true }, aws]));
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
    const ports = await portsWith(() => json(answer));
    expect(await awsSignInUrl(ports, US)).toBeUndefined();
  });
});
