import type { ComponentChildren } from "preact";
import { t, type WordKey } from "../words.ts";

/** Private-use characters: no text of ours holds them, and none is shown. */
const FIRST_MARK = 0xe000;
const MARKS = /([\uE000-\uE008])/;

/** A text whose `$1`, `$2`, … are not words but parts of the page: each language puts them where its sentence wants them. */
export function rich(key: WordKey, ...parts: readonly ComponentChildren[]): ComponentChildren[] {
  const marks = parts.map((_part, at) => String.fromCharCode(FIRST_MARK + at));
  return t(key, marks)
    .split(MARKS)
    .map((piece) => (MARKS.test(piece) ? parts[piece.charCodeAt(0) - FIRST_MARK] : piece));
}
