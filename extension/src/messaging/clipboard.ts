import { err, ok, type Result } from "@jcfetch/shared/result";
import * as v from "valibot";
import { hasMark, Mark } from "../guard/mark.ts";

/*
 * Writing the clipboard from an extension context, so that no secret passes through a page. [EX4]
 *
 * Firefox's background has a document and may write. Chromium's has none: an offscreen document does it, and lives from
 * when a copy is likely until a moment after the write. The text goes to it over a port of its own, because a message would reach every open page of ours.
 */

export interface ReachClipboard {
  /** A copy is likely soon. */
  ready(): void;
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
/** How long it stays for a copy that was likely and is not made. To make it takes longer than all the rest of a copy. */
export const READY_MS = 20_000;

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
export function offscreenClipboard(ports: OffscreenPorts): ReachClipboard {
  const { later, mayLook } = ports;
  const place = new OffscreenPlace(ports);
  let orders = 0;

  /** The document goes, unless it has been wanted again. */
  const closeAfter = (ms: number): void => {
    const own = orders;
    later(() => own === orders && void inTurn(() => place.close()), ms);
  };

  const answerTo = async (order: ClipboardOrder): Promise<unknown> => {
    orders += 1;
    return place.ask(order);
  };

  const writeOnce = async (text: string): Promise<Result<null, "clipboard">> => {
    if ((await answerTo({ write: text })) !== true) {
      await place.close();
      return err("clipboard");
    }
    closeAfter(TAKEN_WITHIN_MS);
    return ok(null);
  };

  const holdsOnce = async (mark: Mark): Promise<boolean | null> => {
    const answer = await answerTo({ holds: mark });
    await place.close();
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
    ready() {
      orders += 1;
      void inTurn(() => place.open());
      closeAfter(READY_MS);
    },
    write: (text) => inTurn(() => writeOnce(text)),
    holds: (mark) => inTurn(() => holdsOnce(mark)),
  };
}

/** The offscreen document, and the port to it. */
class OffscreenPlace {
  readonly #offscreen: OffscreenApi;
  #arrived: ((port: Port) => void) | undefined;
  #port: Port | undefined;
  #answered: (answer: unknown) => void = () => undefined;

  constructor({ offscreen, runtime }: OffscreenPorts) {
    this.#offscreen = offscreen;
    runtime.onConnect.addListener((port) => {
      const ours = port.sender?.id === runtime.id && port.sender.url === runtime.getURL(OFFSCREEN_PAGE);
      if (port.name === CLIPBOARD_PORT && ours && this.#arrived) this.#arrived(port);
      else port.disconnect();
    });
  }

  /** Never throws: what is not there then, answers nothing. */
  async open(): Promise<void> {
    if (this.#port) return;
    const arrival = new Promise<Port>((resolve) => {
      this.#arrived = resolve;
    });
    try {
      // One left over from a background that was stopped midway has no port to this one.
      if (await this.#offscreen.hasDocument()) await this.#offscreen.closeDocument();
      await this.#offscreen.createDocument({
        url: OFFSCREEN_PAGE,
        reasons: ["CLIPBOARD"],
        justification: "Puts the credentials you asked for on the clipboard, and clears them again.",
      });
      this.#keep(await within(TIMEOUT_MS, arrival));
    } catch {
      this.#port = undefined;
    } finally {
      this.#arrived = undefined;
    }
  }

  /** @returns null when there is no answer */
  async ask(order: ClipboardOrder): Promise<unknown> {
    await this.open();
    const port = this.#port;
    if (!port) return null;
    const answer = new Promise<unknown>((resolve) => {
      this.#answered = resolve;
    });
    port.postMessage(order);
    return within(TIMEOUT_MS, answer).catch(() => null);
  }

  async close(): Promise<void> {
    this.#port = undefined;
    await this.#offscreen.closeDocument().catch(() => undefined); // there may be none
  }

  #keep(port: Port): void {
    this.#port = port;
    port.onMessage.addListener((answer) => {
      if (this.#port === port) this.#answered(answer);
    });
    port.onDisconnect.addListener(() => {
      if (this.#port !== port) return;
      this.#port = undefined;
      this.#answered(null);
    });
  }
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
    ready: () => undefined, // it is always there
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

/** @throws Error when it takes longer. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("timed out")), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
