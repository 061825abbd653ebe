import browser from "webextension-polyfill";
import { CLIPBOARD_PORT } from "../../messaging/clipboard.ts";

/**
 * Copies one text and forgets it. An offscreen document never has the focus that `navigator.clipboard` asks for, so the
 * old command does it.
 */
function copy(text: string): boolean {
  const area = document.querySelector("textarea")!;
  area.value = text;
  area.select();
  const done = document.execCommand("copy");
  area.value = "";
  return done;
}

const port = browser.runtime.connect({ name: CLIPBOARD_PORT });
port.onMessage.addListener((text: unknown) => {
  port.postMessage(typeof text === "string" && copy(text));
});
