import { browser } from "wxt/browser";
import { defineContentScript } from "wxt/utils/define-content-script";
import { type AskRuntime, ask } from "../messaging/ask.ts";
import { copy, formatSet, portalHints, prefs } from "../messaging/messages.ts";
import type { CopyFormat } from "../messaging/view.ts";
import { type Background, startPortal } from "../portal/start.ts";

const runtime = browser.runtime as AskRuntime;

const background: Background = {
  copy: (target, format) => ask(runtime, copy, { ...target, format }),
  async tellPage(report, regionHints) {
    await ask(runtime, portalHints, { ...report, regionHints });
  },
  async format(): Promise<CopyFormat> {
    const reply = await ask(runtime, prefs, {});
    return reply.ok ? reply.value.format : "sh";
  },
  async rememberFormat(format) {
    await ask(runtime, formatSet, { format });
  },
};

export default defineContentScript({
  matches: [
    "https://*.awsapps.com/start*",
    "https://*.awsapps.com/directory/*",
    "https://*.awsapps.cn/directory/*",
  ],
  // AWS Builder ID: looks like a portal, holds no accounts.
  excludeMatches: ["https://view.awsapps.com/*"],
  runAt: "document_idle",
  main(ctx) {
    startPortal(
      {
        document,
        href: location.href,
        now: Date.now,
        setTimeout: (run, ms) => ctx.setTimeout(run, ms),
        onInvalidated: (run) => ctx.onInvalidated(run),
      },
      background,
    );
  },
});
