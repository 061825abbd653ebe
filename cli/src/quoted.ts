/** What was typed, made fit for a line of text. */
export const quoted = (text: string): string => `"${text.replaceAll(/\p{C}/gu, "?").slice(0, 80)}"`;
