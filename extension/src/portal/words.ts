import { browser } from "wxt/browser";
import type { WordKey } from "../words.ts";

/** WXT types the names of texts; ours are places in the locale. */
interface Texts {
  readonly i18n: { getMessage(name: string, filling: string[]): string };
}

/**
 * A text in the language of the browser, as `t` of ../words.ts gives it. Without its forms of number, which are a kilobyte that the
 * script of every portal page would carry for nothing.
 */
export const t = (key: WordKey, ...filling: (string | number)[]): string =>
  (browser as unknown as Texts).i18n.getMessage(key.replaceAll(".", "_"), filling.map(String));
