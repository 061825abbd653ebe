import type { Movement } from "./rows.ts";

/** What a key asks for on the list of roles. */
export type Command =
  | { readonly do: "move"; readonly step: Movement }
  | { readonly do: "move-favorite"; readonly step: 1 | -1 }
  | {
      readonly do:
        | "choose"
        | "copy"
        | "format"
        | "favorite"
        | "service"
        | "link"
        | "label"
        | "expand"
        | "collapse"
        | "help"
        | "escape";
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
  PageDown: { do: "move", step: "page-down" },
  PageUp: { do: "move", step: "page-up" },
  Home: { do: "move", step: "first" },
  End: { do: "move", step: "last" },
  Enter: { do: "choose" },
  F2: { do: "label" },
  Escape: { do: "escape" },
};

const WITH_CONTROL: Readonly<Record<string, Command>> = {
  d: { do: "favorite" },
  k: { do: "service" },
  l: { do: "link" },
};

function withAlt({ key, code, ctrl, shift }: KeyPress): Command | undefined {
  if (ctrl) return undefined;
  if (/^Digit[1-9]$/.test(code)) return { do: "portal", at: Number(code.slice(5)) - 1 };
  if (!shift || (key !== "ArrowUp" && key !== "ArrowDown")) return undefined;
  return { do: "move-favorite", step: key === "ArrowUp" ? -1 : 1 };
}

/** [SW6] Decide from the key and the search field alone; undefined leaves the key to the browser. */
export function commandOf(press: KeyPress, field: FieldState): Command | undefined {
  const { key, ctrl, shift, alt } = press;
  if (alt) return withAlt(press);
  if (ctrl) {
    const letter = key.toLowerCase();
    if (letter === "c" && shift) return { do: "format" };
    if (letter === "c") return field.hasSelection ? undefined : { do: "copy" };
    return shift ? undefined : WITH_CONTROL[letter];
  }
  if (key === "?" && field.empty) return { do: "help" };
  if (key === "ArrowRight" && field.caretAtEnd && !shift) return { do: "expand" };
  if (key === "ArrowLeft" && field.caretAtStart && !shift) return { do: "collapse" };
  return shift ? undefined : PLAIN[key];
}
