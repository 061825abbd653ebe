import type { Runtime } from "webextension-polyfill";
import { defineBackground } from "wxt/utils/define-background";
import { indexedDbKeyStore } from "../broker/keys.ts";
import { browser } from "../browser.ts";
import { openPopup } from "../messaging/announce.ts";
import { createApp } from "../messaging/app.ts";
import { backgroundClipboard } from "../messaging/background-clipboard.ts";
import { consoleTabs } from "../messaging/background-tabs.ts";
import { remembered } from "../sessions/remembered.ts";
import { t } from "../words.ts";

/** Every listener is registered in the first turn, or the browser would not wake us for its event. */
export default defineBackground({
  type: "module",
  main() {
    const { runtime, storage, cookies, action, alarms, notifications, permissions, scripting } = browser;
    const app = createApp({
      self: { id: runtime.id, baseUrl: runtime.getURL("/") },
      platform: navigator.platform,
      storage: { local: remembered(storage.local), session: remembered(storage.session) },
      cookies,
      action,
      alarms,
      notifications,
      keys: indexedDbKeyStore(indexedDB),
      clipboard: backgroundClipboard(browser),
      idle: () => browser.idle,
      fetch: (input, init) => fetch(input, init),
      openSocket: (url, protocols) => new WebSocket(url, protocols),
      now: Date.now,
      random: Math.random,
      setTimeout: (run, ms) => setTimeout(run, ms),
      stayAwake: () => runtime.getPlatformInfo(),
      openPopup: () => openPopup(browser),
      tabs: consoleTabs(browser),
      managed: () => storage.managed.get(),
      pageScripts: { permissions, scripting, tabs: browser.tabs },
      tryPopup: async () => action.openPopup(),
      mayReach: (pattern) => permissions.contains({ origins: [pattern] }),
      broadcast: (message) => runtime.sendMessage(message),
    });
    runtime.onMessage.addListener(
      (message: unknown, sender: Runtime.MessageSender, answer: (reply: unknown) => void) => {
        void app.receive(message, sender).then(answer);
        return true; // the answer comes later
      },
    );
    const { omnibox } = browser;
    omnibox.setDefaultSuggestion({ description: t("omnibox.hint") });
    omnibox.onInputStarted.addListener(() => app.omnibox.begin());
    omnibox.onInputChanged.addListener((text, show) => void app.omnibox.suggest(text).then(show));
    omnibox.onInputEntered.addListener((text) => void app.omnibox.choose(text));
    runtime.onInstalled.addListener(({ reason }) => app.installed(reason));
    permissions.onAdded.addListener(() => app.permissionsChanged());
    permissions.onRemoved.addListener(() => app.permissionsChanged());
    runtime.onStartup.addListener(() => app.started());
    storage.onChanged.addListener((_changes, area) => (area === "managed" ? app.policyChanged() : undefined));
    cookies.onChanged.addListener(({ cookie }) => app.cookieChanged(cookie));
    notifications.onClicked.addListener((id) => app.notificationClicked(id));
    addEventListener("online", () => void app.online());
    // There only once the user has allowed it; until then nobody is told.
    const hearOfIdleness = (): void => browser.idle?.onStateChanged.addListener(app.idleChanged);
    hearOfIdleness();
    permissions.onAdded.addListener(hearOfIdleness);
    alarms.onAlarm.addListener(({ name }) => app.alarm(name));
  },
});
