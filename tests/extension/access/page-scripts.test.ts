import { describe, expect, it } from "vitest";
import { PageScripts, pagesOf } from "../../../extension/src/access/page-scripts.ts";
import { FakeScripting } from "../messaging/fake-browser.ts";

const ACME = "https://acme.awsapps.com/*";
const ACME_PAGES = ["https://acme.awsapps.com/directory/*", "https://acme.awsapps.com/start*"];

describe("[PM2] the pages that get a script", () => {
  it.each([
    ["nothing", [], []],
    ["one portal", [ACME], ACME_PAGES],
    ["a portal in China", ["https://start.home.awsapps.cn/*"], ["https://start.home.awsapps.cn/directory/*"]],
    [
      "a portal on a newer host",
      ["https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws/*"],
      ["https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws/*"],
    ],
    [
      "hosts that are no portal's",
      ["https://portal.sso.us-east-1.amazonaws.com/*", "http://127.0.0.1/*"],
      [],
    ],
    ["look-alikes", ["https://awsapps.com.example.org/*", "https://evil-awsapps.com/*"], []],
    ["a portal without TLS", ["http://acme.awsapps.com/*"], []],
  ])("are, where %s is granted, the portal's own", (_what, granted, pages) => {
    expect(pagesOf(granted)).toEqual(pages);
  });

  it.each(["https://*/*", "*://*/*", "<all_urls>"])("are every portal's where %s is granted", (all) => {
    const pages = pagesOf([all]);
    expect(pages).toContain("https://*.awsapps.com/start*");
    expect(pages.filter((page) => page.includes("://*/"))).toEqual([]);
  });
});

describe("the page's script", () => {
  it("[PM2] comes with the grant, into open pages too, and goes with it", async () => {
    const browser = new FakeScripting();
    browser.openTabs.set("https://acme.awsapps.com/start/#/", 7).set("https://example.org/start", 8);
    const scripts = new PageScripts(browser.ports);
    await scripts.reconcile(true);
    expect(browser).toMatchObject({ matches: undefined, ran: [] });

    browser.granted = [ACME];
    await scripts.reconcile();
    expect(browser).toMatchObject({ matches: ACME_PAGES, ran: [7] });

    browser.granted = [];
    await scripts.reconcile();
    expect(browser).toMatchObject({ matches: undefined, ran: [7] });
  });

  it("[PM2] is registered once, however many events come at one time", async () => {
    const browser = new FakeScripting();
    browser.granted = [ACME];
    browser.openTabs.set("https://acme.awsapps.com/start/", 7);
    const scripts = new PageScripts(browser.ports);
    await Promise.all([scripts.reconcile(), scripts.reconcile(), scripts.reconcile()]);
    expect(browser).toMatchObject({ matches: ACME_PAGES, ran: [7] });
  });

  it("[PM2] replaces that of an older version in open pages after an update", async () => {
    const browser = new FakeScripting();
    browser.granted = [ACME];
    browser.openTabs.set("https://acme.awsapps.com/start/", 7);
    await new PageScripts(browser.ports).reconcile();
    await new PageScripts(browser.ports).reconcile(true);
    expect(browser.ran).toEqual([7, 7]);
  });
});
