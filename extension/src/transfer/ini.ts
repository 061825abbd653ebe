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

const HEADING = /^\[\s*([^\]]+?)\s*\]\s*(?:[;#].*)?$/;
const PAIR = /^([^=\s][^=]*?)\s*=\s*(.*)$/;
const COMMENT_BEHIND = /\s[;#].*$/;

/** Sections, keys and values. What is neither is named with its line; nothing is guessed. */
export function readIni(text: string): Ini {
  const sections: { name: string; line: number; values: Map<string, { value: string; line: number }> }[] = [];
  const skipped: Skipped[] = [];
  for (const [at, raw] of text.split(/\r?\n|\r/).entries()) {
    const line = at + 1;
    const trimmed = raw.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    const heading = HEADING.exec(trimmed)?.[1];
    if (heading !== undefined) {
      sections.push({ name: heading, line, values: new Map() });
      continue;
    }
    const section = sections.at(-1);
    const nested = /^\s/.test(raw); // of a value that is a section itself, such as `s3 =`
    const pair = nested ? undefined : PAIR.exec(trimmed);
    if (pair && section) {
      section.values.set(pair[1]!.toLowerCase(), {
        value: pair[2]!.replace(COMMENT_BEHIND, "").trim(),
        line,
      });
    } else if (!nested) skipped.push({ line, text: shown(trimmed), why: "not-a-line" });
  }
  return { sections, skipped };
}
