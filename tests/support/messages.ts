/** A language as it stands in `extension/src/locales`: texts by place, and forms of number. */
export interface Messages {
  readonly [key: string]: string | Messages;
}

const PLURAL = /^(n|\d+)$/;

const isPlural = (entry: Messages): boolean => Object.keys(entry).every((key) => PLURAL.test(key));

/** Names and texts as the build writes them to `_locales`: places joined by `_`, forms of number by ` | `. */
export function flatten(messages: Messages, before = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, entry] of Object.entries(messages)) {
    const name = before === "" ? key : `${before}_${key}`;
    if (typeof entry === "string") flat.set(name, entry);
    else if (isPlural(entry)) flat.set(name, Object.values(entry).join(" | "));
    else for (const [inner, text] of flatten(entry, name)) flat.set(inner, text);
  }
  return flat;
}

/** A text with its fillings, as browsers put them in. */
export function fill(text: string, filling: string | readonly string[]): string {
  const list = typeof filling === "string" ? [filling] : filling;
  return text.replaceAll(/\$(\d)/g, (_all, digit) => list[Number(digit) - 1] ?? "");
}

/** What `browser.i18n.getMessage` answers; empty for a name that does not exist. */
export const messageOf = (messages: Messages, name: string, filling: string | readonly string[]): string =>
  fill(flatten(messages).get(name) ?? "", filling);
