import { appendFileSync, closeSync, existsSync, openSync, renameSync, statSync } from "node:fs";

/** One old file is kept beside the new one: at most twice this much. */
const MAX_BYTES = 1_000_000;
/** Longer than any line of the Worker's. */
const MAX_LINE_CHARS = 2_000;

/** [LB7] Fields of the Worker's request log and of the supervisor's own lines; nothing else is written down. */
const FIELDS = new Set([
  "path",
  "status",
  "code",
  "ms",
  "trace",
  "wrongSettings",
  "event",
  "exit",
  "from",
  "level",
]);
const PLAIN = /^[\w/.:+ -]{0,80}$/;

type Line = Record<string, unknown>;

const isPlain = (value: unknown): boolean =>
  typeof value === "number" ||
  typeof value === "boolean" ||
  value === null ||
  (typeof value === "string" && PLAIN.test(value)) ||
  (Array.isArray(value) && value.every((one) => typeof one === "string" && PLAIN.test(one)));

/**
 * What of a line that workerd has printed may be kept: the Worker's own, as they are; of workerd's complaints where in its
 * source they come from, and not what they say, which might quote anything.
 */
export function allowed(text: string): Line | undefined {
  if (text.startsWith("{")) {
    const fields = Object.entries(parse(text)).filter(([name, value]) => FIELDS.has(name) && isPlain(value));
    return fields.length === 0 ? undefined : Object.fromEntries(fields);
  }
  const [, from, level] = /^(?:\*\*\* )?([\w/.+-]+\.c\+\+:\d+): (\w+)/.exec(text) ?? [];
  return from === undefined ? undefined : { event: "workerd", level, from };
}

function parse(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return {};
  }
}

/** The broker's log: bounded, of its owner alone, with the time before each line. */
export class BrokerLog {
  readonly #path: string;
  #rest = "";

  constructor(path: string) {
    this.#path = path;
    closeSync(openSync(path, "a", 0o600));
  }

  /** A piece of what workerd prints. */
  hear(piece: string): void {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop()!.slice(0, MAX_LINE_CHARS);
    for (const text of lines) {
      const line = allowed(text);
      if (line) this.#write(line);
    }
  }

  /** Something the supervisor did. */
  note(event: string, more: Line = {}): void {
    this.#write({ event, ...more });
  }

  /** A full disk costs lines of the log, not the broker. */
  #write(line: Line): void {
    const text = JSON.stringify({ at: new Date().toISOString(), ...line });
    try {
      if (existsSync(this.#path) && statSync(this.#path).size > MAX_BYTES) {
        renameSync(this.#path, `${this.#path}.1`);
      }
      appendFileSync(this.#path, `${text}\n`, { mode: 0o600 });
    } catch {
      this.#rest = "";
    }
  }
}
