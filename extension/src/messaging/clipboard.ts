import { err, ok, type Result } from "@jcfetch/shared/result";

/*
 * Writing the clipboard from an extension context, so that no secret passes through a page. [EX4]
 *
 * Firefox's background has a document and may write. Chromium's has none: an offscreen document does it, and lives for
 * that one write. The text goes to it over a port of its own, because a message would reach every open page of ours.
 */

export type WriteClipboard = (text: string) => Promise<Result<null, "clipboard">>;

export const CLIPBOARD_PORT = "clipboard";
export const OFFSCREEN_PAGE = "offscreen.html";
const TIMEOUT_MS = 5_000;

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
}

/** Must be called in the first turn of the background: it registers the listener for the document's port. */
export function offscreenClipboard({ offscreen, runtime }: OffscreenPorts): WriteClipboard {
  let arrived: ((port: Port) => void) | undefined;
  runtime.onConnect.addListener((port) => {
    const ours = port.sender?.id === runtime.id && port.sender.url === runtime.getURL(OFFSCREEN_PAGE);
    if (port.name === CLIPBOARD_PORT && ours) arrived?.(port);
    else port.disconnect();
  });

  const writeOnce = async (text: string): Promise<Result<null, "clipboard">> => {
    const arrival = new Promise<Port>((resolve) => {
      arrived = resolve;
    });
    try {
      // One left over from a background that was stopped midway has no port to this one.
      if (await offscreen.hasDocument()) await offscreen.closeDocument();
      await offscreen.createDocument({
        url: OFFSCREEN_PAGE,
        reasons: ["CLIPBOARD"],
        justification: "Puts the credentials you asked for on the clipboard.",
      });
      const port = await within(TIMEOUT_MS, arrival);
      const written = await within(TIMEOUT_MS, exchange(port, text));
      return written ? ok(null) : err("clipboard");
    } catch {
      return err("clipboard");
    } finally {
      arrived = undefined;
      await offscreen.closeDocument().catch(() => undefined); // there may be none
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return (text) => {
    const turn = last.then(() => writeOnce(text));
    last = turn;
    return turn;
  };
}

export function documentClipboard(clipboard: { writeText(text: string): Promise<void> }): WriteClipboard {
  return async (text) => {
    try {
      await clipboard.writeText(text);
      return ok(null);
    } catch {
      return err("clipboard");
    }
  };
}

function exchange(port: Port, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    port.onMessage.addListener((answer) => resolve(answer === true));
    port.onDisconnect.addListener(() => resolve(false));
    port.postMessage(text);
  });
}

/** @throws Error when it takes longer. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("timed out")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
