import { flatten, type Messages } from "../../support/messages.ts";

/*
 * Languages that nobody speaks, made of the English texts: one whose texts are 40 % longer, as German's and French's may be; one
 * that is read from right to left. What stands in a page and did not come from the locales stays plain, and is seen.
 */

const VOWELS: Readonly<Record<string, string>> = { a: "å", e: "é", i: "î", o: "ö", u: "ü" };
const HEBREW = "אבגדהוזחטיכלמנסעפצקרשתםןףך";

/** Places of fillings stay as they are. */
const outsideFillings = (text: string, change: (piece: string) => string): string =>
  text
    .split(/(\$\d| \| )/)
    .map((piece) => (/^\$\d$|^ \| $/.test(piece) ? piece : change(piece)))
    .join("");

/** Words grow, and the longest of them too: it is words that do not break. */
const longer = (text: string): string =>
  outsideFillings(text, (piece) =>
    piece.replace(/[A-Za-z]+/g, (word) => {
      const marked = word.replace(/[aeiou]/g, (vowel) => VOWELS[vowel] ?? vowel);
      return marked + "ñ".repeat(Math.ceil(word.length * 0.4));
    }),
  );

const mirrored = (text: string): string =>
  outsideFillings(text, (piece) =>
    piece.replace(/[a-z]/gi, (letter) => HEBREW[letter.toLowerCase().charCodeAt(0) - 97] as string),
  );

export type Pseudo = "long" | "rtl";

/** The flat texts of such a language. */
export function pseudoLocale(en: Messages, kind: Pseudo): Map<string, string> {
  const change = kind === "long" ? longer : mirrored;
  const texts = [...flatten(en)].map(([name, text]) => [name, change(text)] as const);
  const own = { language_tag: kind === "rtl" ? "he" : "en", language_dir: kind === "rtl" ? "rtl" : "ltr" };
  return new Map([...texts, ...Object.entries(own)]);
}
