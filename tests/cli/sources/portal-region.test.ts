import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findRegion, regionInPage } from "../../../cli/src/sources/portal-region.ts";

const START = "https://acme.awsapps.com/start";

const answering =
  (html: string, url = START): typeof fetch =>
  async () =>
    Object.defineProperty(new Response(html), "url", { value: url });

describe("the region of a portal", () => {
  it.each([
    ['<script id="env" type="application/json">{"a":1,"region":"eu-central-1"}</script>', "eu-central-1"],
    ['<meta name="region" content="ap-south-1">', "ap-south-1"],
    ['<meta content="script-src https://assets.sso-portal.us-west-2.amazonaws.com">', "us-west-2"],
    [
      '<script id="env">{"region":"evil-host"}</script><link href="//oidc.eu-west-1.amazonaws.com/">',
      "eu-west-1",
    ],
    ["<p>nothing", undefined],
  ])("[PR9] is read from its page: %s", async (html, region) => {
    expect(regionInPage(html)).toBe(region);
    expect(await findRegion(START, answering(html))).toBe(region);
  });

  it.each(["gen2", "gen3"])("[PR9] is found on a page of %s as AWS has served it", (name) => {
    const html = readFileSync(new URL(`../../fixtures/portal/${name}.html`, import.meta.url), "utf8");
    expect(regionInPage(html)).toMatch(/^[a-z]+-[a-z]+-\d$/);
  });

  it("[PR9] is asked where the page leads away, cannot be had, or its host says it already", async () => {
    const html = '<meta name="region" content="eu-west-1">';
    expect(await findRegion(START, answering(html, "https://sso.jumpcloud.com/"))).toBeUndefined();
    expect(await findRegion(START, () => Promise.reject(new Error("offline")))).toBeUndefined();
    const never = (): never => {
      throw new Error("nobody is to be asked");
    };
    expect(await findRegion("https://ssoins-0123456789abcdef.eu-west-2.portal.amazonaws.com", never)).toBe(
      "eu-west-2",
    );
  });
});
