import { browser } from "wxt/browser";
import { defineContentScript } from "wxt/utils/define-content-script";
import { connectBackground } from "../portal/background.ts";
import { startPortal } from "../portal/start.ts";

export default defineContentScript({
  matches: [
    "https://*.awsapps.com/start*",
    "https://*.awsapps.com/directory/*",
    "https://*.awsapps.cn/directory/*",
  ],
  // AWS Builder ID: looks like a portal, holds no accounts.
  excludeMatches: ["https://view.awsapps.com/*"],
  runAt: "document_idle",
  // The framework would tell the page by a message that we are here, and under which id.
  noScriptStartedPostMessage: true,
  main(ctx) {
    startPortal(
      {
        document,
        href: location.href,
        now: Date.now,
        setTimeout: (run, ms) => ctx.setTimeout(run, ms),
        onInvalidated: (run) => ctx.onInvalidated(run),
      },
      connectBackground(browser.runtime),
    );
  },
});
