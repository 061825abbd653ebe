import type { Choice } from "./choices.ts";

/*
 * What is meant by a few letters. Every word that was typed must be found in one of a choice's texts, its letters in order;
 * letters at the beginning of a word, and next to each other, say more.
 */

const START = 8;
const NEXT = 5;
const EXACT = 40;

/** How well a word fits; `undefined` where a letter is missing. */
export function score(word: string, text: string): number | undefined {
  const letters = word.toLowerCase();
  const lower = text.toLowerCase();
  if (lower === letters) return EXACT + letters.length * (START + NEXT);
  const whole = lower.indexOf(letters);
  if (whole !== -1)
    return letters.length * NEXT + (startsWord(text, whole) ? START * 2 : START) - whole / 100;
  let sum = 0;
  let at = -1;
  for (const letter of letters) {
    const found = nextPlace(text, lower, letter, at + 1);
    if (found === -1) return undefined;
    sum += startsWord(text, found) ? START : found === at + 1 ? NEXT : 1;
    at = found;
  }
  return sum - text.length / 100;
}

/** The next beginning of a word with this letter, if the rest of the text has one; else the next place at all. */
function nextPlace(text: string, lower: string, letter: string, from: number): number {
  const next = lower.indexOf(letter, from);
  if (next === -1 || next === from) return next;
  for (let at = next; at !== -1; at = lower.indexOf(letter, at + 1)) if (startsWord(text, at)) return at;
  return next;
}

/** After what is neither letter nor digit, and at a capital after a small letter: `PowerUser`, `prod-data`. */
function startsWord(text: string, at: number): boolean {
  const before = text[at - 1];
  if (before === undefined || !/[\p{L}\p{N}]/u.test(before)) return true;
  return /\p{Ll}/u.test(before) && /\p{Lu}/u.test(text[at]!);
}

/** How well a choice fits all that was typed. */
export function fit(typed: string, { name, account, role, tags }: Choice): number | undefined {
  let sum = 0;
  for (const word of typed.split(/\s+/).filter((one) => one !== "")) {
    const scores = [name, role, account, ...tags].flatMap((text) => score(word, text) ?? []);
    if (scores.length === 0) return undefined;
    sum += Math.max(...scores);
  }
  return sum;
}

/** Those that fit, best first; of two that fit alike, the one that is used more. */
export function ranked(
  typed: string,
  choices: readonly Choice[],
  weight: (name: string) => number,
): readonly Choice[] {
  return choices
    .flatMap((choice, index) => {
      const fits = fit(typed, choice);
      return fits === undefined ? [] : [{ choice, fits: fits + Math.min(weight(choice.name), START), index }];
    })
    .sort((a, b) => b.fits - a.fits || a.index - b.index)
    .map(({ choice }) => choice);
}
