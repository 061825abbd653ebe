import { browser } from "wxt/browser";
import { defineContentScript } from "wxt/utils/define-content-script";
import { connectBackground } from "../portal/background.ts";
import { startPortal } from "../portal/start.ts";

export default defineContentScript({
  // Where it runs is decided by what the user grants: access/page-scripts.ts.
  registration: "runtime",
  // The framework would tell the page by a message that we are here, and under which id.
  noScriptStartedPostMessage: true,
  main(ctx) {
    void startPortal(
      {
        document,
        now: Date.now,
        setTimeout: (run, ms) => ctx.setTimeout(run, ms),
        onInvalidated: (run) => ctx.onInvalidated(run),
      },
      connectBackground(browser.runtime),
    );
  },
});
