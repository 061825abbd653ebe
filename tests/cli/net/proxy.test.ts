import { describe, expect, it } from "vitest";
import {
  isExcepted,
  parseProxy,
  proxyAuthorization,
  proxyFor,
  shownProxy,
} from "../../../cli/src/net/proxy.ts";

const portal = new URL("https://portal.sso.us-east-1.amazonaws.com/federation");

describe("the proxy", () => {
  it.each([
    [{ HTTPS_PROXY: "http://a:1" }, "HTTPS_PROXY"],
    [{ HTTPS_PROXY: "http://a:1", https_proxy: "http://b:1" }, "https_proxy"],
    [{ ALL_PROXY: "http://a:1" }, "ALL_PROXY"],
    [{ HTTP_PROXY: "http://a:1" }, undefined],
    [{ HTTPS_PROXY: "" }, undefined],
    [{ HTTPS_PROXY: "http://a:1", NO_PROXY: "*" }, undefined],
  ])("[CF1] of %j is the one of %s", (env, variable) => {
    expect(proxyFor(portal, env)?.variable).toBe(variable);
  });

  it.each(["http://127.0.0.1:8787/", "http://[::1]:8787/", "https://localhost/"])(
    "[CF1] is never asked for %s",
    (address) => {
      expect(
        proxyFor(new URL(address), { HTTPS_PROXY: "http://a:1", ALL_PROXY: "http://a:1" }),
      ).toBeUndefined();
    },
  );

  it.each([
    ["amazonaws.com", true],
    [".amazonaws.com", true],
    ["*.amazonaws.com", true],
    ["example.org, AMAZONAWS.com", true],
    ["portal.sso.us-east-1.amazonaws.com:443", true],
    ["amazonaws.com:8443", false],
    ["azonaws.com", false],
    ["com.", false],
    ["", false],
  ])("[CF1] is left out by NO_PROXY=%s: %s", (list, isLeftOut) => {
    expect(isExcepted(portal, list)).toBe(isLeftOut);
  });

  it.each([
    ["proxy.example:3128", "http://proxy.example:3128"],
    ["https://ana:p%40ss@proxy.example", "https://proxy.example"],
    ["socks5://proxy.example:1080", undefined],
    ["http://", undefined],
  ])("[CF3] at %s is shown as %s", (address, shown) => {
    const proxy = parseProxy(address);
    expect(proxy && shownProxy(proxy)).toBe(shown);
  });

  it("[CF1] is shown the name and the password of its address, decoded", () => {
    const header = proxyAuthorization(new URL("http://ana:p%40ss@proxy.example"));
    expect(header).toEqual({ "proxy-authorization": `Basic ${btoa("ana:p@ss")}` });
    expect(proxyAuthorization(new URL("http://proxy.example"))).toEqual({});
  });
});
