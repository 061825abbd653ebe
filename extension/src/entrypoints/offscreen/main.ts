import * as v from "valibot";
import { browser } from "../../browser.ts";
import { hasMark, type Mark } from "../../guard/mark.ts";
import { CLIPBOARD_PORT, ClipboardOrder } from "../../messaging/clipboard.ts";

/*
 * Copies one text and forgets it, or tells whether a text is still there. An offscreen document never has the focus that
 * `navigator.clipboard` asks for, so the old commands do it. What was read stays in here: a yes or no leaves.
 */

const area = document.querySelector("textarea")!;

function copy(text: string): boolean {
  area.value = text;
  area.select();
  const done = document.execCommand("copy");
  area.value = "";
  return done;
}

async function holds(mark: Mark): Promise<boolean | null> {
  area.value = "";
  area.focus();
  const done = document.execCommand("paste");
  const text = area.value;
  area.value = "";
  return done ? hasMark(text, mark) : null;
}

const port = browser.runtime.connect({ name: CLIPBOARD_PORT });
port.onMessage.addListener((message: unknown) => {
  const order = v.safeParse(ClipboardOrder, message);
  if (!order.success) port.postMessage(null);
  else if ("write" in order.output) port.postMessage(copy(order.output.write));
  else void holds(order.output.holds).then((answer) => port.postMessage(answer));
});
