import { createI18n } from "@wxt-dev/i18n";
import type en from "./locales/en.json";

type Plural = { readonly n: string };

/** `portal.chooseFormat` for `{ portal: { chooseFormat: "…" } }`; what has a form `n` is one text in several numbers. */
type KeyOf<T> = {
  [K in keyof T & string]: T[K] extends string | Plural ? K : `${K}.${KeyOf<T[K]>}`;
}[keyof T & string];

/** Every text of the extension, by its place in `locales/en.json`. */
export type WordKey = KeyOf<typeof en>;

type Filling = readonly (string | number)[];

const look = createI18n().t as (key: string, ...rest: readonly unknown[]) => string;

/**
 * A text in the language of the browser, from `locales/`; English where a language lacks it.
 * @param rest a number chooses between the forms `1` and `n` and stands for `$1`; a list fills `$1`, `$2`, …
 */
export const t = (key: WordKey, ...rest: [] | [Filling] | [number] | [number, Filling]): string =>
  look(key, ...rest);
