import type { Choice } from "./choices.ts";
import { ranked } from "./fuzzy.ts";

/** What is on the screen, and what a key makes of it. Pure: the terminal is elsewhere. */
export interface Screen {
  readonly typed: string;
  /** Which of those that fit is marked. */
  readonly at: number;
  readonly all: readonly Choice[];
  readonly fitting: readonly Choice[];
  readonly weight: (name: string) => number;
}

export type Pressed =
  | { readonly kind: "screen"; readonly screen: Screen }
  | { readonly kind: "chosen"; readonly choice: Choice }
  | { readonly kind: "canceled" };

export const openScreen = (all: readonly Choice[], weight: Screen["weight"]): Screen => ({
  ...{ typed: "", at: 0, all, weight },
  fitting: ranked("", all, weight),
});

const typing = (screen: Screen, typed: string): Screen => ({
  ...screen,
  typed,
  at: 0,
  fitting: ranked(typed, screen.all, screen.weight),
});

const MOST_TYPED = 80;
const PAGE = 10;

/** @param key one character, or one whole escape sequence. @source xterm's control sequences */
export function press(screen: Screen, key: string): Pressed {
  const { typed, at, fitting } = screen;
  const shown = (next: Screen): Pressed => ({ kind: "screen", screen: next });
  const to = (next: number): Pressed =>
    shown({ ...screen, at: Math.max(0, Math.min(fitting.length - 1, next)) });
  switch (key) {
    case "\r":
    case "\n": {
      const choice = fitting[at];
      return choice ? { kind: "chosen", choice } : shown(screen);
    }
    case "\u0003": // Ctrl-C
      return { kind: "canceled" };
    case "\u0004": // Ctrl-D
    case "\u001b": // Esc clears, then closes
      return typed === "" ? { kind: "canceled" } : shown(typing(screen, ""));
    case "\u001b[A":
    case "\u001bOA":
    case "\u0010": // Ctrl-P
      return to(at - 1);
    case "\u001b[B":
    case "\u001bOB":
    case "\u000e": // Ctrl-N
    case "\t":
      return to(at + 1);
    case "\u001b[5~":
      return to(at - PAGE);
    case "\u001b[6~":
      return to(at + PAGE);
    case "\u001b[H":
      return to(0);
    case "\u001b[F":
      return to(fitting.length - 1);
    case "\u007f":
    case "\b":
      return shown(typing(screen, [...typed].slice(0, -1).join("")));
    case "\u0015": // Ctrl-U
      return shown(typing(screen, ""));
    case "\u0017": // Ctrl-W
      return shown(typing(screen, typed.replace(/\S+\s*$/, "")));
    default:
      if (/^\P{C}+$/u.test(key) && typed.length < MOST_TYPED) return shown(typing(screen, typed + key));
      return shown(screen);
  }
}

/** Keys in what came from the terminal at once; a lone Esc is one. */
export const keysIn = (chunk: string): readonly string[] =>
  chunk.match(/\p{Cc}(?:\[[\d;]*[~A-Za-z]|O[A-Za-z])|[\s\S]/gu) ?? [];

const ROWS = 10;

/** The lines to show, the marked one among them, none wider than the terminal. */
export function linesOf({ typed, at, all, fitting }: Screen, width: number): readonly string[] {
  const cut = (text: string): string => [...text].slice(0, Math.max(10, width - 1)).join("");
  const from = Math.max(0, Math.min(at - ROWS + 1, fitting.length - ROWS));
  const rows = fitting.slice(from, from + ROWS);
  const widest = Math.max(0, ...rows.map(({ name }) => name.length));
  const head = `Profile: ${typed}`;
  const foot = fitting.length === 0 ? "nothing fits" : `${fitting.length} of ${all.length}`;
  return [
    cut(head),
    ...rows.map(({ name, about }, i) =>
      cut(`${from + i === at ? ">" : " "} ${name.padEnd(widest)}  ${about}`),
    ),
    cut(`  ${foot} · type to filter, ↑ ↓ to move, Enter to take, Esc to leave`),
  ];
}
