/** What was typed, made fit for a line of text. */
export const quoted = (text: string): string => `"${printable(text).slice(0, 80)}"`;

/** Without what a terminal acts on, or what turns the order of letters round. */
export const printable = (text: string): string => text.replaceAll(/\p{C}/gu, "?");
