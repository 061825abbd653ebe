import { expect, test } from "vitest";
import { type Command, commandOf, type FieldState, type KeyPress } from "../../../extension/src/ui/keys.ts";

const EMPTY: FieldState = { empty: true, hasSelection: false, caretAtEnd: true, caretAtStart: true };
const TYPED: FieldState = { empty: false, hasSelection: false, caretAtEnd: true, caretAtStart: false };
const press = (key: string, over: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: "",
  ctrl: false,
  shift: false,
  alt: false,
  ...over,
});

test.each<[string, KeyPress, FieldState, Command | undefined]>([
  ["↓ moves down", press("ArrowDown"), TYPED, { do: "move", step: 1 }],
  ["Home goes to the first row", press("Home"), TYPED, { do: "move", step: "first" }],
  ["Enter chooses", press("Enter"), TYPED, { do: "choose" }],
  ["Ctrl C copies credentials", press("c", { ctrl: true }), TYPED, { do: "copy" }],
  [
    "Ctrl C on marked text copies that text",
    press("c", { ctrl: true }),
    { ...TYPED, hasSelection: true },
    undefined,
  ],
  ["Ctrl Shift C asks for the format", press("C", { ctrl: true, shift: true }), TYPED, { do: "format" }],
  ["Ctrl D makes a favorite", press("d", { ctrl: true }), TYPED, { do: "favorite" }],
  ["Ctrl A is the browser's", press("a", { ctrl: true }), TYPED, undefined],
  ["→ at the end of the text opens the account", press("ArrowRight"), TYPED, { do: "expand" }],
  ["→ inside the text moves the caret", press("ArrowRight"), { ...TYPED, caretAtEnd: false }, undefined],
  ["← at the start closes the account", press("ArrowLeft"), EMPTY, { do: "collapse" }],
  ["← inside the text moves the caret", press("ArrowLeft"), TYPED, undefined],
  ["Shift → marks text", press("ArrowRight", { shift: true }), TYPED, undefined],
  [
    "Alt 2 goes to the second portal",
    press("€", { alt: true, code: "Digit2" }),
    TYPED,
    { do: "portal", at: 1 },
  ],
  ["[SW6] Page Down goes a page further", press("PageDown"), TYPED, { do: "move", step: "page-down" }],
  ["[SW6] Ctrl K asks for a service", press("k", { ctrl: true }), TYPED, { do: "service" }],
  ["[SW6] Ctrl L copies a link", press("l", { ctrl: true }), TYPED, { do: "link" }],
  ["[SW6] F2 writes a label", press("F2"), TYPED, { do: "label" }],
  [
    "[SW6] Alt Shift ↑ moves a favorite up",
    press("ArrowUp", { alt: true, shift: true }),
    TYPED,
    { do: "move-favorite", step: -1 },
  ],
  ["Alt ↑ is nobody's", press("ArrowUp", { alt: true }), TYPED, undefined],
  ["Alt 0 is nobody's", press("0", { alt: true, code: "Digit0" }), TYPED, undefined],
  ["? shows the keys", press("?", { shift: true }), EMPTY, { do: "help" }],
  ["? within a search is a letter", press("?", { shift: true }), TYPED, undefined],
  ["letters are text", press("p"), EMPTY, undefined],
  ["Escape escapes", press("Escape"), EMPTY, { do: "escape" }],
])("%s", (_what, key, field, command) => {
  expect(commandOf(key, field)).toEqual(command);
});
