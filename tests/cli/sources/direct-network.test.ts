import { describe, expect, it } from "vitest";
import { awsFetch } from "../../../cli/src/sources/direct-network.ts";

const PORTAL = "https://portal.sso.us-east-1.amazonaws.com/federation/credentials?account_id=1";
const OIDC = "https://oidc.us-east-1.amazonaws.com/token";

/** Where a call goes in this environment. */
async function whereTo(url: string, env: Record<string, string>): Promise<string> {
  let went = "";
  const fetch: typeof globalThis.fetch = async (input) => {
    went = String(input);
    return new Response();
  };
  await awsFetch({ env, fetch }, 1_000)(url);
  return went;
}

describe("the way to AWS", () => {
  it("[DM10] is the region's own host", async () => {
    expect(await whereTo(PORTAL, {})).toBe(PORTAL);
    expect(await whereTo(OIDC, { AWS_ENDPOINT_URL: "http://127.0.0.1:1" })).toBe(OIDC);
  });

  it("[DM10] can be moved to this computer, each service by its own variable", async () => {
    const env = {
      AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:4321",
      AWS_ENDPOINT_URL_SSO_OIDC: "http://[::1]:8765",
    };
    expect(await whereTo(PORTAL, env)).toBe("http://127.0.0.1:4321/federation/credentials?account_id=1");
    expect(await whereTo(OIDC, env)).toBe("http://[::1]:8765/token");
  });

  it.each([
    "https://sso.example",
    "http://localhost:4321",
    "http://127.0.0.1.example:4321",
    "http://127.0.0.1@evil.example",
    "http://evil.example#127.0.0.1",
    "ftp://127.0.0.1",
    "127.0.0.1:4321",
    "",
  ])("[DM10] is never moved to %s", async (address) => {
    const env = { AWS_ENDPOINT_URL_SSO: address, AWS_ENDPOINT_URL_SSO_OIDC: address };
    expect(await whereTo(PORTAL, env)).toBe(PORTAL);
    expect(await whereTo(OIDC, env)).toBe(OIDC);
  });
});
