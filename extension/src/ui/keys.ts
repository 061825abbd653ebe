/** What a key asks for on the list of roles. */
export type Command =
  | { readonly do: "move"; readonly step: 1 | -1 | "first" | "last" }
  | {
      readonly do: "choose" | "copy" | "format" | "favorite" | "expand" | "collapse" | "help" | "escape";
    }
  | { readonly do: "portal"; readonly at: number };

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

export interface FieldState {
  readonly empty: boolean;
  /** Text is marked, so Ctrl C means that text. */
  readonly hasSelection: boolean;
  readonly caretAtEnd: boolean;
  readonly caretAtStart: boolean;
}

const PLAIN: Readonly<Record<string, Command>> = {
  ArrowDown: { do: "move", step: 1 },
  ArrowUp: { do: "move", step: -1 },
  Home: { do: "move", step: "first" },
  End: { do: "move", step: "last" },
  Enter: { do: "choose" },
  Escape: { do: "escape" },
};

/** Decide from the key and the search field alone; undefined leaves the key to the browser. */
export function commandOf(press: KeyPress, field: FieldState): Command | undefined {
  const { key, code, ctrl, shift, alt } = press;
  if (alt && !ctrl && /^Digit[1-9]$/.test(code)) return { do: "portal", at: Number(code.slice(5)) - 1 };
  if (alt) return undefined;
  if (ctrl) {
    const letter = key.toLowerCase();
    if (letter === "c" && shift) return { do: "format" };
    if (letter === "c") return field.hasSelection ? undefined : { do: "copy" };
    return letter === "d" && !shift ? { do: "favorite" } : undefined;
  }
  if (key === "?" && field.empty) return { do: "help" };
  if (key === "ArrowRight" && field.caretAtEnd && !shift) return { do: "expand" };
  if (key === "ArrowLeft" && field.caretAtStart && !shift) return { do: "collapse" };
  return shift ? undefined : PLAIN[key];
}
