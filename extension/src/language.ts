import { t } from "./words.ts";

/* The language that the texts are in, and how its numbers and times are written: never two languages in one line. */

/** Tag of the locale whose texts are shown, such as `de` or `pt-BR`: English where the browser speaks none of ours. */
const textTag = (): string => t("language.tag");

const primary = (tag: string): string => tag.split("-")[0] as string;

/** The user's own variety of that language, if the browser names one: dates differ between `en-US` and `en-GB`. */
export function formatTag(): string {
  const tag = textTag();
  const own = typeof navigator === "undefined" ? undefined : navigator.languages;
  return own?.find((one) => primary(one) === primary(tag)) ?? tag;
}

/** The page says what language it is in, and which way it is read: for screen readers, hyphens and fonts. */
export function showLanguage(root: HTMLElement): void {
  root.lang = textTag();
  root.dir = t("language.dir");
}
