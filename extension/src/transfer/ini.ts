import { type Skipped, shown } from "./plan.ts";

export interface IniSection {
  readonly name: string;
  readonly line: number;
  /** Key → value and where it stands; a second value of a key is the one that counts, as for the AWS CLI. */
  readonly values: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
}

export interface Ini {
  readonly sections: readonly IniSection[];
  readonly skipped: readonly Skipped[];
}

/*
 * Looked through from one sign to the next: an expression that tries every place of a line again takes minutes over a file that
 * is one line of blanks.
 */

/** `[name]`, with nothing or a comment behind it. */
function headingOf(line: string): string | undefined {
  const end = line.indexOf("]");
  if (!line.startsWith("[") || end === -1) return undefined;
  const behind = line.slice(end + 1).trim();
  return behind === "" || /^[;#]/.test(behind) ? line.slice(1, end).trim() || undefined : undefined;
}

function pairOf(line: string): { key: string; value: string } | undefined {
  const at = line.indexOf("=");
  const key = line.slice(0, Math.max(at, 0)).trim().toLowerCase();
  if (key === "") return undefined;
  const value = line.slice(at + 1).trim();
  const comment = value.search(/\s[;#]/);
  return { key, value: comment === -1 ? value : value.slice(0, comment).trim() };
}

/** Sections, keys and values. What is neither is named with its line; nothing is guessed. */
export function readIni(text: string): Ini {
  const sections: { name: string; line: number; values: Map<string, { value: string; line: number }> }[] = [];
  const skipped: Skipped[] = [];
  for (const [at, raw] of text.split(/\r\n|[\r\n\u2028\u2029]/).entries()) {
    const line = at + 1;
    const trimmed = raw.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    const heading = headingOf(trimmed);
    if (heading !== undefined) {
      sections.push({ name: heading, line, values: new Map() });
      continue;
    }
    const section = sections.at(-1);
    const nested = /^\s/.test(raw); // of a value that is a section itself, such as `s3 =`
    const pair = nested ? undefined : pairOf(trimmed);
    if (pair && section) {
      section.values.set(pair.key, { value: pair.value, line });
    } else if (!nested) skipped.push({ line, text: shown(trimmed), why: "not-a-line" });
  }
  return { sections, skipped };
}
