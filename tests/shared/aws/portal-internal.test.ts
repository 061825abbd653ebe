import { consoleSignIn, whoAmI } from "@jcfetch/shared/aws/portal-internal";
import { Secret } from "@jcfetch/shared/secret";
import { describe, expect, it } from "vitest";
import { region, STORAGE } from "./world.ts";

const access = { region: region("us-east-1"), token: new Secret("t-0123456789") };
const issuer = "https://acme.awsapps.com/start";

function answering(body: unknown, status = 200) {
  const urls: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    urls.push(String(input));
    return Response.json(body, { status });
  };
  return { urls, ports: { fetch } };
}

describe("who is signed in", () => {
  it("[EX5] is told by the portal, with the end of the session", async () => {
    const { urls, ports } = answering({
      accountId: "111122223333",
      directoryId: "d-9067000000",
      expireDate: 1_900_000_000_000,
      userIdentifier: "ana@acme.example",
    });
    expect(await whoAmI(access, ports)).toEqual({
      ok: true,
      value: { expiresAtMs: 1_900_000_000_000, directoryId: "d-9067000000", userName: "ana@acme.example" },
    });
    expect(urls).toEqual(["https://portal.sso.us-east-1.amazonaws.com/token/whoAmI"]);
  });

  it("[EX5] is not guessed when the end of the session is missing", async () => {
    const { ports } = answering({ directoryId: "d-9067000000" });
    expect(await whoAmI(access, ports)).toEqual({ ok: false, error: { code: "garbage" } });
  });

  it("[EX5] a token of another region is unauthorized", async () => {
    const { ports } = answering({}, 401);
    expect(await whoAmI(access, ports)).toEqual({ ok: false, error: { code: "unauthorized" } });
  });
});

describe("the way into the console", () => {
  const location = (url: string) => ({
    signInToken: "s-1",
    signInFederationLocation: url,
    destination: "https://console.aws.amazon.com/",
  });

  it("is an address that AWS's sign-in takes, kept secret", async () => {
    const { urls, ports } = answering(location("https://us-east-1.signin.aws.amazon.com/federation"));
    const answer = await consoleSignIn({ ...access, ...STORAGE }, { issuer }, ports);
    if (!answer.ok) throw new Error(answer.error.code);
    const url = new URL(answer.value.reveal());
    expect(url.origin + url.pathname).toBe("https://us-east-1.signin.aws.amazon.com/federation");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: "login",
      SigninToken: "s-1",
      Issuer: issuer,
      Destination: "https://console.aws.amazon.com/",
    });
    expect(new URL(urls[0]!).search).toBe("?account_id=999999999999&role_name=S3Admin");
  });

  it("leads where the user wants to go", async () => {
    const { ports } = answering(location("https://signin.aws.amazon.com/federation"));
    const destination = "https://s3.console.aws.amazon.com/";
    const answer = await consoleSignIn({ ...access, ...STORAGE }, { issuer, destination }, ports);
    expect(answer.ok && new URL(answer.value.reveal()).searchParams.get("Destination")).toBe(destination);
  });

  it.each([
    "http://signin.aws.amazon.com/federation",
    "https://signin.aws.amazon.com.example.org/federation",
    "https://evilsignin.aws.amazon.com/federation",
    "https://signin.aws.amazon.com:8443/federation",
    "https://x@signin.aws.amazon.com/federation",
    "https://signin.amazonaws.cn/federation",
    "not a url",
  ])("carries no sign-in token to %s", async (url) => {
    const { ports } = answering(location(url));
    const answer = await consoleSignIn({ ...access, ...STORAGE }, { issuer }, ports);
    expect(answer).toEqual({ ok: false, error: { code: "garbage" } });
  });
});
