import { err, ok, type Result } from "@jcfetch/shared/result";

/*
 * Writing the clipboard from an extension context, so that no secret passes through a page. [EX4]
 *
 * Firefox's background has a document and may write. Chromium's has none: an offscreen document does it, and lives for
 * that one write and a moment more. The text goes to it over a port of its own, because a message would reach every open page of ours.
 */

export type WriteClipboard = (text: string) => Promise<Result<null, "clipboard">>;

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
}

/** Must be called in the first turn of the background: it registers the listener for the document's port. */
export function offscreenClipboard({ offscreen, runtime, later }: OffscreenPorts): WriteClipboard {
  let arrived: ((port: Port) => void) | undefined;
  let writes = 0;
  runtime.onConnect.addListener((port) => {
    const ours = port.sender?.id === runtime.id && port.sender.url === runtime.getURL(OFFSCREEN_PAGE);
    if (port.name === CLIPBOARD_PORT && ours) arrived?.(port);
    else port.disconnect();
  });

  const close = (): Promise<void> => offscreen.closeDocument().catch(() => undefined); // there may be none

  const written = async (text: string): Promise<boolean> => {
    const arrival = new Promise<Port>((resolve) => {
      arrived = resolve;
    });
    try {
      // One left over from the last write, or from a background that was stopped midway, has no port to this one.
      if (await offscreen.hasDocument()) await offscreen.closeDocument();
      await offscreen.createDocument({
        url: OFFSCREEN_PAGE,
        reasons: ["CLIPBOARD"],
        justification: "Puts the credentials you asked for on the clipboard.",
      });
      const port = await within(TIMEOUT_MS, arrival);
      return await within(TIMEOUT_MS, exchange(port, text));
    } catch {
      return false;
    } finally {
      arrived = undefined;
    }
  };

  const writeOnce = async (text: string): Promise<Result<null, "clipboard">> => {
    writes += 1;
    const own = writes;
    if (!(await written(text))) {
      await close();
      return err("clipboard");
    }
    later(() => void (own === writes && close()), TAKEN_WITHIN_MS);
    return ok(null);
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
