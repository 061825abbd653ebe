import {
  allRegions,
  isRegion,
  oidcHost,
  parsePortalUrl,
  portalApiHost,
  type Region,
} from "@jcfetch/shared/domain/portal";
import { describe, expect, it } from "vitest";

describe("addresses of access portals", () => {
  it.each([
    ["https://acme.awsapps.com/start", "acme", "https://acme.awsapps.com/start", undefined],
    ["https://acme.awsapps.com/start/", "acme", "https://acme.awsapps.com/start", undefined],
    ["https://acme.awsapps.com/start#/?tab=accounts", "acme", "https://acme.awsapps.com/start", undefined],
    [
      "https://d-9067642ab1.awsapps.com/start/#/device?user_code=ABCD-EFGH",
      "d-9067642ab1",
      "https://d-9067642ab1.awsapps.com/start",
      undefined,
    ],
    [
      "https://ssoins-0123456789abcdef.portal.us-east-1.app.aws",
      "ssoins-0123456789abcdef",
      "https://ssoins-0123456789abcdef.portal.us-east-1.app.aws",
      "us-east-1",
    ],
    [
      "https://ssoins-0123456789abcdef.eu-west-2.portal.amazonaws.com/",
      "ssoins-0123456789abcdef",
      "https://ssoins-0123456789abcdef.eu-west-2.portal.amazonaws.com",
      "eu-west-2",
    ],
    [
      "https://start.us-gov-home.awsapps.com/directory/acme",
      "acme",
      "https://start.us-gov-home.awsapps.com/directory/acme",
      undefined,
    ],
    [
      "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/d-123",
      "d-123",
      "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/d-123",
      "us-gov-west-1",
    ],
    [
      "https://start.home.awsapps.cn/directory/acme",
      "acme",
      "https://start.home.awsapps.cn/directory/acme",
      undefined,
    ],
    [
      "https://ssoins-0a.eusc-de-east-1.portal.amazonaws.eu",
      "ssoins-0a",
      "https://ssoins-0a.eusc-de-east-1.portal.amazonaws.eu",
      "eusc-de-east-1",
    ],
  ])("reads %s", (text, name, startUrl, region) => {
    const portal = parsePortalUrl(text);
    expect(portal).toMatchObject({ ok: true, value: { name, startUrl } });
    expect(portal.ok && portal.value.region).toBe(region);
  });

  it.each([
    ["https://evil-awsapps.com/start", "not-a-portal"],
    ["https://x.awsapps.com.evil.io/start", "not-a-portal"],
    ["https://acme.awsapps.com./start", "not-a-portal"],
    ["https://a.b.awsapps.com/start", "not-a-portal"],
    ["https://ssoins-0a.portal.mars-east-1.app.aws", "not-a-portal"],
    ["https://start.us-gov-home.awsapps.com/", "not-a-portal"],
    ["https://acme.awsapps.com:8443/start", "not-https"],
    ["https://user@acme.awsapps.com/start", "not-https"],
    ["http://acme.awsapps.com/start", "not-https"],
    ["https://view.awsapps.com/start", "builder-id"],
    ["https://aa-12ab.account-access.us-east-1.app.aws/", "account-access"],
    ["acme", "not-a-url"],
    ["", "not-a-url"],
  ])("[EX9] refuses %s", (text, problem) => {
    expect(parsePortalUrl(text)).toEqual({ ok: false, error: problem });
  });
});

describe("hosts of the APIs", () => {
  it.each([
    ["us-east-1", "portal.sso.us-east-1.amazonaws.com", "oidc.us-east-1.amazonaws.com"],
    ["us-gov-west-1", "portal.sso.us-gov-west-1.amazonaws.com", "oidc.us-gov-west-1.amazonaws.com"],
    ["cn-north-1", "portal.sso.cn-north-1.amazonaws.com.cn", "oidc.cn-north-1.amazonaws.com.cn"],
    ["eusc-de-east-1", "portal.sso.eusc-de-east-1.amazonaws.eu", "oidc.eusc-de-east-1.amazonaws.eu"],
  ])("[CR8] are built from the table for %s", (region, portal, oidc) => {
    expect(portalApiHost(region as Region)).toBe(portal);
    expect(oidcHost(region as Region)).toBe(oidc);
  });

  it("[CR8] know no region outside the table", () => {
    for (const text of ["us-east-1.evil.io", "us-east-1/", "", "US-EAST-1", "constructor"])
      expect(isRegion(text)).toBe(false);
    expect(new Set(allRegions).size).toBe(allRegions.length);
  });
});
