import { describe, expect, it } from "vitest";
import { callerOf, type Sender } from "../../../extension/src/messaging/sender.ts";
import { pageAt, UI } from "./background-world.ts";

const self = { id: UI.id!, baseUrl: UI.url!.replace("popup.html", "") };
const portalPage = pageAt("https://acme.awsapps.com/start/#/?tab=accounts");

describe("[EX3] the sender of a message", () => {
  it("is a page of ours by its address", () => {
    expect(callerOf(UI, self)).toEqual({ kind: "ui" });
    expect(callerOf({ ...UI, url: `${self.baseUrl}options.html`, tab: { id: 4 }, frameId: 0 }, self)).toEqual(
      {
        kind: "ui",
      },
    );
  });

  it("is the page of a recognized portal, which the browser names", () => {
    const caller = callerOf(portalPage, self);
    expect(caller).toMatchObject({ kind: "page", tabId: 1, portal: { origin: "https://acme.awsapps.com" } });
  });

  it.each<[string, Sender]>([
    ["another extension", { ...UI, id: "aaaabbbbccccddddeeeeffffgggghhhh" }],
    ["nobody", { ...UI, id: undefined }],
    ["a page without an address", { ...portalPage, url: undefined }],
    ["a page inside another", { ...portalPage, frameId: 3 }],
    ["a page of ours inside another", { ...UI, frameId: 2 }],
    ["a page whose frame is not told", { ...portalPage, frameId: undefined }],
    ["no tab", { ...portalPage, tab: undefined }],
    ["a page that is only being prerendered", { ...portalPage, documentLifecycle: "prerender" }],
    ["an origin that is not the address's", { ...portalPage, origin: "https://evil.example" }],
    ["an opaque origin", { ...portalPage, origin: "null" }],
    ["an address that only begins like ours", { ...UI, url: `${self.baseUrl.slice(0, -1)}.evil.example/` }],
  ])("is refused when it is %s", (_, sender) => {
    expect(callerOf(sender, self)).toBeUndefined();
  });

  it.each([
    "https://acme.awsapps.com.evil.example/start/",
    "https://evil-awsapps.com/start/",
    "https://view.awsapps.com/start/",
    "http://acme.awsapps.com/start/",
    "https://acme.awsapps.com:8443/start/",
    "https://aa-0123.account-access.us-east-1.app.aws/",
  ])("[EX9] is nobody on the look-alike %s", (url) => {
    expect(callerOf(pageAt(url), self)).toBeUndefined();
  });
});
