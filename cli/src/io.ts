import type { ReadStream } from "node:tty";
import type { Failure } from "./exit.ts";
import type { Asked, Keys } from "./prompt.ts";
import { printable } from "./quoted.ts";

interface Sink {
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): unknown;
  readonly columns?: number;
}

export interface Person {
  note(text: string): void;
  /** A line that the next one takes the place of. */
  progress(text: string): void;
}

/** [CL1] stdout is for programs, stderr for people. */
export interface Io {
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly stdinIsTerminal: boolean;
  /** Of stderr, if it is a terminal. */
  readonly columns: number | undefined;
  /** What the command was asked for, and nothing else. Resolves when it has been handed over. */
  out(text: string): Promise<void>;
  /** What another program has written, byte for byte. */
  relay(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
  /** A line for the person. */
  note(text: string): void;
  /** A line that the next one takes the place of. Where nobody watches it is not written at all. */
  progress(text: string): void;
  /** What a person must see while something waits: on stderr if that is a terminal, else on their own terminal, if any. */
  person(): Person | undefined;
  /** The cause, then an arrow with the next step. */
  fail(failure: Failure, asJson: boolean): void;
  /** Ask for one line. `hidden` for what must not be seen over a shoulder. */
  ask(question: string, options: { readonly hidden?: boolean; readonly withinMs: number }): Promise<Asked>;
  /** Key by key, where stdin is a terminal. */
  keys(withinMs: number, keys: Keys): Promise<Asked>;
  /** As it is, control sequences included, where stderr is a terminal. */
  draw(text: string): void;
}

/** Each is opened when it is first looked at: a program that only prints a line need not wait for the other two. */
export interface Streams {
  readonly stdin: ReadStream;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** By the number of the stream. */
  readonly isTerminal: (fd: number) => boolean;
  /** Opens the terminal this program was started from, whatever its streams are; `undefined` without one. */
  readonly openTerminal: () => ((text: string) => void) | undefined;
  /** Ends the program: stdout takes no more. */
  readonly endOutput: (error: Error) => never;
  /** The NO_COLOR convention, or a terminal that knows no colors. */
  readonly plain: boolean;
}

const [STDIN, STDOUT, STDERR] = [0, 1, 2];
/** Where a terminal does not say. */
const USUAL_COLUMNS = 80;

const CLEAR_LINE = "\r\u001b[K";
const RED = ["\u001b[31m", "\u001b[39m"] as const;
const DIM = ["\u001b[2m", "\u001b[22m"] as const;

/**
 * What {@link CLEAR_LINE} can take away again: a text that wraps leaves a row behind each time, and a clock fills the screen
 * with them. What stands behind the last dots, as a clock does, stays.
 */
export function onOneRow(text: string, columns: number): string {
  if (text.length < columns) return text;
  const dots = text.lastIndexOf(" … ");
  const end = dots < 0 ? "…" : text.slice(dots);
  return `${text.slice(0, Math.max(0, columns - 1 - end.length)).trimEnd()}${end}`;
}

export function openIo(streams: Streams): Io {
  const { endOutput, openTerminal, plain, isTerminal } = streams;
  const paint = ([on, off]: readonly [string, string], text: string): string =>
    isTerminal(STDERR) && !plain ? `${on}${text}${off}` : text;
  const fitting = (text: string): string => onOneRow(text, streams.stderr.columns || USUAL_COLUMNS);
  let unfinished = false;
  const line = (text: string): void => {
    streams.stderr.write(`${unfinished ? CLEAR_LINE : ""}${text}\n`);
    unfinished = false;
  };

  return {
    get stdoutIsTerminal() {
      return isTerminal(STDOUT);
    },
    get stderrIsTerminal() {
      return isTerminal(STDERR);
    },
    get stdinIsTerminal() {
      return isTerminal(STDIN);
    },
    get columns() {
      return isTerminal(STDERR) ? streams.stderr.columns || USUAL_COLUMNS : undefined;
    },
    out: (text) =>
      new Promise((resolve) => {
        streams.stdout.write(text, (error) => (error ? endOutput(error) : resolve()));
      }),
    relay: (stream, bytes) =>
      new Promise((resolve) => {
        if (stream === "stderr") streams.stderr.write(bytes, () => resolve());
        else streams.stdout.write(bytes, (error) => (error ? endOutput(error) : resolve()));
      }),
    note: line,
    progress(text) {
      if (!isTerminal(STDERR)) return;
      streams.stderr.write(`${CLEAR_LINE}${fitting(text)}`);
      unfinished = true;
    },
    person() {
      if (isTerminal(STDERR)) return { note: line, progress: this.progress };
      const write = openTerminal();
      if (!write) return undefined;
      return {
        note: (text) => write(`${CLEAR_LINE}${text}\n`),
        progress: (text) => write(`${CLEAR_LINE}${fitting(text)}`),
      };
    },
    fail(failure, asJson) {
      if (asJson) return line(JSON.stringify({ error: failure }));
      const { title, next, code, exit, trace } = failure;
      const tail = [code, `exit ${exit}`, ...(trace === undefined ? [] : [`trace ${trace}`])].join(", ");
      line(`${paint(RED, "jcfetch:")} ${printable(title)}`);
      line(`  → ${printable(next)}   ${paint(DIM, `[${tail}]`)}`);
    },
    async ask(question, { hidden = false, withinMs }) {
      const { stdin, stderr } = streams;
      const { readHidden, readLine } = await import("./prompt.ts");
      if (hidden && isTerminal(STDIN)) {
        const asked = await readHidden(stdin, withinMs, () => stderr.write(question));
        stderr.write(asked.kind === "answer" ? "········\n" : "\n");
        return asked;
      }
      stderr.write(question);
      const asked = await readLine(stdin, withinMs);
      if (!isTerminal(STDERR) || asked.kind !== "answer") stderr.write("\n");
      return asked;
    },
    keys: async (withinMs, keys) => (await import("./prompt.ts")).readKeys(streams.stdin, withinMs, keys),
    draw: (text) => void streams.stderr.write(text),
  };
}
