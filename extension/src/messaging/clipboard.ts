import { err, ok, type Result } from "@jcfetch/shared/result";
import * as v from "valibot";
import { hasMark, Mark } from "../guard/mark.ts";

/*
 * Writing the clipboard from an extension context, so that no secret passes through a page. [EX4]
 *
 * Firefox's background has a document and may write. Chromium's has none: an offscreen document does it, and lives for
 * that one write and a moment more. The text goes to it over a port of its own, because a message would reach every open page of ours.
 */

export interface ReachClipboard {
  write(text: string): Promise<Result<null, "clipboard">>;
  /** Has the user let us look what lies there? */
  mayLook(): Promise<boolean>;
  /** Does the text of this mark lie there? Null when it cannot be told. */
  holds(mark: Mark): Promise<boolean | null>;
}

/** What the offscreen document is asked: to write this text, or whether the text of this mark lies there. */
export const ClipboardOrder = v.union([
  v.strictObject({ write: v.string() }),
  v.strictObject({ holds: Mark }),
]);
export type ClipboardOrder = v.InferOutput<typeof ClipboardOrder>;

export const CLIPBOARD_PORT = "clipboard";
export const OFFSCREEN_PAGE = "offscreen.html";
const TIMEOUT_MS = 5_000;
/**
 * How long the document stays after its write. The browser asks its own rules before it takes the text, and drops what comes
 * from a document that has gone meanwhile, though the command has said that it is done: seen in Chromium 156 on a busy
 * machine. Nothing tells when it has taken it, but for reading the clipboard, for which we do not ask.
 */
export const TAKEN_WITHIN_MS = 2_000;

/** The part of a `runtime.Port` that is needed here. */
export interface Port {
  readonly name: string;
  readonly sender?: { readonly id?: string | undefined; readonly url?: string | undefined } | undefined;
  postMessage(message: unknown): void;
  disconnect(): void;
  readonly onMessage: { addListener(listener: (message: unknown) => void): void };
  readonly onDisconnect: { addListener(listener: () => void): void };
}

/** `chrome.offscreen`, which the polyfill does not describe. */
export interface OffscreenApi {
  createDocument(options: { url: string; reasons: string[]; justification: string }): Promise<void>;
  closeDocument(): Promise<void>;
  hasDocument(): Promise<boolean>;
}

export interface OffscreenPorts {
  readonly offscreen: OffscreenApi;
  readonly runtime: {
    readonly id: string;
    getURL(path: string): string;
    readonly onConnect: { addListener(listener: (port: Port) => void): void };
  };
  readonly later: (work: () => void, ms: number) => unknown;
  readonly mayLook: () => Promise<boolean>;
}

/** Must be called in the first turn of the background: it registers the listener for the document's port. */
export function offscreenClipboard({ offscreen, runtime, later, mayLook }: OffscreenPorts): ReachClipboard {
  let arrived: ((port: Port) => void) | undefined;
  let orders = 0;
  runtime.onConnect.addListener((port) => {
    const ours = port.sender?.id === runtime.id && port.sender.url === runtime.getURL(OFFSCREEN_PAGE);
    if (port.name === CLIPBOARD_PORT && ours) arrived?.(port);
    else port.disconnect();
  });

  const close = (): Promise<void> => offscreen.closeDocument().catch(() => undefined); // there may be none

  const answerTo = async (order: ClipboardOrder): Promise<unknown> => {
    const arrival = new Promise<Port>((resolve) => {
      arrived = resolve;
    });
    try {
      // One left over from the last write, or from a background that was stopped midway, has no port to this one.
      if (await offscreen.hasDocument()) await offscreen.closeDocument();
      await offscreen.createDocument({
        url: OFFSCREEN_PAGE,
        reasons: ["CLIPBOARD"],
        justification: "Puts the credentials you asked for on the clipboard, and clears them again.",
      });
      const port = await within(TIMEOUT_MS, arrival);
      return await within(TIMEOUT_MS, exchange(port, order));
    } catch {
      return null;
    } finally {
      arrived = undefined;
    }
  };

  const writeOnce = async (text: string): Promise<Result<null, "clipboard">> => {
    orders += 1;
    const own = orders;
    if ((await answerTo({ write: text })) !== true) {
      await close();
      return err("clipboard");
    }
    later(() => void (own === orders && close()), TAKEN_WITHIN_MS);
    return ok(null);
  };

  const holdsOnce = async (mark: Mark): Promise<boolean | null> => {
    orders += 1;
    const answer = await answerTo({ holds: mark });
    await close();
    return typeof answer === "boolean" ? answer : null;
  };

  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task);
    last = turn;
    return turn;
  };
  return {
    mayLook,
    write: (text) => inTurn(() => writeOnce(text)),
    holds: (mark) => inTurn(() => holdsOnce(mark)),
  };
}

/** The part of `navigator.clipboard` that is needed here. */
interface DocumentClipboard {
  writeText(text: string): Promise<void>;
  readText(): Promise<string>;
}

export function documentClipboard(
  clipboard: DocumentClipboard,
  mayLook: () => Promise<boolean>,
): ReachClipboard {
  return {
    mayLook,
    async write(text) {
      try {
        await clipboard.writeText(text);
        return ok(null);
      } catch {
        return err("clipboard");
      }
    },
    async holds(mark) {
      try {
        return await hasMark(await clipboard.readText(), mark);
      } catch {
        return null;
      }
    },
  };
}

function exchange(port: Port, order: ClipboardOrder): Promise<unknown> {
  return new Promise((resolve) => {
    port.onMessage.addListener(resolve);
    port.onDisconnect.addListener(() => resolve(null));
    port.postMessage(order);
  });
}

/** @throws Error when it takes longer. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("timed out")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
