import { describe, expect, it } from "vitest";
import {
  CLIPBOARD_PORT,
  OFFSCREEN_PAGE,
  offscreenClipboard,
  type Port,
} from "../../../extension/src/messaging/clipboard.ts";

const ID = "nmambjjbdjmmphgjjenoggafiljnfklg";
const urlOf = (path: string): string => `chrome-extension://${ID}/${path}`;

/** Chromium, as far as an offscreen document goes: its page connects as soon as it is there. */
function chromium({ leftOver = false, answer = true as unknown, creates = true } = {}) {
  const log: string[] = [];
  const due: (() => void)[] = [];
  let there = leftOver;
  let connect: (port: Port) => void = () => undefined;
  let gone = (): void => undefined;

  const portOf = (name: string, url: string): Port => {
    let hear: (message: unknown) => void = () => undefined;
    return {
      name,
      sender: { id: ID, url },
      postMessage(order) {
        log.push(...Object.entries(order as object).map(([what, of]) => `${what} ${of}`));
        hear(answer);
      },
      disconnect: () => log.push(`turned away ${url}`),
      onMessage: { addListener: (listener) => (hear = listener) },
      onDisconnect: { addListener: (listener) => (gone = listener) },
    };
  };

  const clipboard = offscreenClipboard({
    mayLook: async () => true,
    offscreen: {
      async createDocument({ reasons }) {
        if (!creates) throw new Error("no");
        if (there) throw new Error("only one");
        there = true;
        log.push(`open ${reasons.join()}`);
        queueMicrotask(() => connect(portOf(CLIPBOARD_PORT, urlOf(OFFSCREEN_PAGE))));
      },
      async closeDocument() {
        there = false;
        log.push("close");
      },
      hasDocument: async () => there,
    },
    runtime: { id: ID, getURL: urlOf, onConnect: { addListener: (listener) => (connect = listener) } },
    later: (work) => due.push(work),
  });
  const pass = (): void => {
    for (const work of due.splice(0)) work();
  };
  const passFirst = (): void => due.shift()?.();
  const lose = (): void => {
    there = false;
    gone();
  };
  const { ready, write, holds } = clipboard;
  return {
    ready,
    write,
    holds,
    log,
    pass,
    passFirst,
    lose,
    connectFrom: (name: string, url: string) => connect(portOf(name, url)),
  };
}

describe("[EX4] the clipboard in Chromium", () => {
  it("is written by a document that lives until the browser has taken it", async () => {
    const { write, log, pass } = chromium();
    expect(await write("text")).toEqual({ ok: true, value: null });
    expect(log).toEqual(["open CLIPBOARD", "write text"]);
    pass();
    await expect.poll(() => log.at(-1)).toBe("close");
  });

  it("is written by the same document while it is there, which the end of an older write does not take away", async () => {
    const { write, log, pass, passFirst } = chromium();
    await write("one");
    await write("two");
    passFirst();
    await write("three");
    expect(log).toEqual(["open CLIPBOARD", "write one", "write two", "write three"]);
    pass();
    await expect.poll(() => log.at(-1)).toBe("close");
    await write("four");
    expect(log.slice(-2)).toEqual(["open CLIPBOARD", "write four"]);
  });

  it("is made ready for a copy that is likely, and let go when none comes", async () => {
    const { ready, write, log, pass } = chromium();
    ready();
    await expect.poll(() => log).toEqual(["open CLIPBOARD"]);
    ready();
    pass();
    await expect.poll(() => log).toEqual(["open CLIPBOARD", "close"]);
    ready();
    await write("text");
    expect(log.slice(2)).toEqual(["open CLIPBOARD", "write text"]);
  });

  it("is written by a new document when the one that was ready has gone", async () => {
    const { ready, write, log, lose } = chromium();
    ready();
    await expect.poll(() => log).toEqual(["open CLIPBOARD"]);
    lose();
    expect((await write("text")).ok).toBe(true);
    expect(log).toEqual(["open CLIPBOARD", "open CLIPBOARD", "write text"]);
  });

  it("is written one text after the other", async () => {
    const { write, log } = chromium();
    await Promise.all([write("one"), write("two")]);
    expect(log.filter((line) => line.startsWith("write"))).toEqual(["write one", "write two"]);
  });

  it("[CB2] is asked whether a text still lies there by its mark, and gives away no more than that", async () => {
    const mark = { salt: "s", hash: "h", toString: () => "mark" };
    const { holds, log } = chromium({ answer: false });
    expect(await holds(mark)).toBe(false);
    expect(log).toEqual(["open CLIPBOARD", "holds mark", "close"]);
    expect(await chromium({ answer: "all that lies there" }).holds(mark)).toBeNull();
  });

  it("does not mind a document that an earlier background left behind", async () => {
    const { write, log } = chromium({ leftOver: true });
    expect((await write("text")).ok).toBe(true);
    expect(log[0]).toBe("close");
  });

  it("is handed to no other page, not even to one of ours", async () => {
    const { log, connectFrom } = chromium();
    connectFrom(CLIPBOARD_PORT, urlOf("popup.html"));
    connectFrom(CLIPBOARD_PORT, "https://acme.awsapps.com/start");
    connectFrom("other", urlOf(OFFSCREEN_PAGE));
    expect(log).toHaveLength(3);
    expect(log.every((line) => line.startsWith("turned away"))).toBe(true);
  });

  it.each([
    ["the command did nothing", { answer: false }],
    ["the document cannot be made", { creates: false }],
  ])("fails as a value when %s, and works the next time the cause is gone", async (_, faults) => {
    const { write } = chromium(faults);
    expect(await write("text")).toEqual({ ok: false, error: "clipboard" });
    expect(await write("text")).toEqual({ ok: false, error: "clipboard" });
  });
});
