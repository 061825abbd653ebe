import { StringDecoder } from "node:string_decoder";
import type { ReadStream } from "node:tty";

export type Asked =
  | { readonly kind: "answer"; readonly text: string }
  /** Ctrl-C, or the input has ended. */
  | { readonly kind: "canceled" }
  | { readonly kind: "timeout" };

type Step = Asked | undefined;

/** More than any answer has: whoever pipes a whole file in is told so instead of filling memory. */
const MAX_ANSWER = 8_192;

/** One line as it comes, from a terminal that echoes it or from a pipe. */
export function readLine(stdin: ReadStream, withinMs: number): Promise<Asked> {
  let text = "";
  return read(stdin, withinMs, (chunk) => {
    text += chunk;
    const end = text.indexOf("\n");
    if (end === -1 && text.length <= MAX_ANSWER) return undefined;
    return { kind: "answer", text: text.slice(0, end === -1 ? MAX_ANSWER : end).replace(/\r$/, "") };
  });
}

/**
 * One line from a terminal without echo. Keys that edit are honored; escape sequences of pasting are left out.
 *
 * @param ask called once the echo is off, so that nobody can be quicker than that.
 */
export async function readHidden(stdin: ReadStream, withinMs: number, ask: () => void): Promise<Asked> {
  let text = "";
  stdin.setRawMode(true);
  try {
    ask();
    return await read(stdin, withinMs, (chunk) => {
      for (const key of chunk.replaceAll(/\p{Cc}\[[\d;]*[~A-Za-z]/gu, "")) {
        if (key === "\r" || key === "\n") return { kind: "answer", text };
        if (key === "\u0003" || (key === "\u0004" && text === "")) return { kind: "canceled" };
        if (key === "\u007f" || key === "\b") text = text.slice(0, -1);
        else if (key === "\u0015") text = "";
        else if (key >= " " && text.length < MAX_ANSWER) text += key;
      }
      return undefined;
    });
  } finally {
    stdin.setRawMode(false);
  }
}

export interface Keys {
  /** Called once the terminal gives every key at once, and shows none. */
  readonly begin: () => void;
  readonly take: (chunk: string) => Step;
}

/** Key by key from a terminal. */
export async function readKeys(stdin: ReadStream, withinMs: number, { begin, take }: Keys): Promise<Asked> {
  stdin.setRawMode(true);
  try {
    begin();
    return await read(stdin, withinMs, take);
  } finally {
    stdin.setRawMode(false);
  }
}

function read(stdin: ReadStream, withinMs: number, take: (chunk: string) => Step): Promise<Asked> {
  const decoder = new StringDecoder("utf8");
  return new Promise((resolve) => {
    const finish = (asked: Asked): void => {
      clearTimeout(timer);
      stdin.off("data", onData).off("end", onEnd).off("error", onEnd);
      stdin.pause();
      resolve(asked);
    };
    const onData = (bytes: Buffer): void => {
      const asked = take(decoder.write(bytes));
      if (asked) finish(asked);
    };
    const onEnd = (): void => {
      // A last line without a line feed counts; nothing at all does not.
      const last = take("\n");
      finish(last?.kind === "answer" && last.text !== "" ? last : { kind: "canceled" });
    };
    const timer = setTimeout(() => finish({ kind: "timeout" }), withinMs);
    stdin.on("data", onData).on("end", onEnd).on("error", onEnd);
    stdin.resume();
  });
}
