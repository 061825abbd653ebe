import { err, ok, type Result } from "@jcfetch/shared/result";

export interface Setting {
  readonly key: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface Section {
  /** As written between the brackets. */
  readonly header: string;
  readonly line: number;
  readonly settings: readonly Setting[];
}

export interface Broken {
  readonly line: number;
  readonly why: string;
}

/**
 * Read an AWS config file as the strictest of its readers does, so that what we accept all of them accept. Nothing is ever
 * written from what is read here: the editor works on the bytes.
 *
 * @source botocore `configloader.py` on Python's `configparser` (strict: no section and no key twice). Lines that are
 *   indented under a key belong to its value; comments begin a line with `#` or `;`.
 */
export function parseIni(text: string): Result<readonly Section[], Broken> {
  const sections = new Map<string, Section>();
  /** The one that lines belong to, and the keys it has. */
  let section: (Section & { settings: Setting[] }) | undefined;
  let keys = new Set<string>();
  /** How far the key is indented to which deeper lines belong; `undefined` outside of a value. */
  let valueIndent: number | undefined;
  for (const [index, raw] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === "" || /^[#;]/.test(content)) continue;
    const indent = raw.length - raw.trimStart().length;
    if (valueIndent !== undefined && indent > valueIndent) {
      // Under a key without a value of its own stand settings, under others the rest of a text.
      const nests = section?.settings.at(-1)?.value === "";
      if (nests && !content.includes("=")) return broken(line, "under a key, this is not key = value");
      continue;
    }

    const header = /^\[(.+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      const name = header.trim();
      const twin = sections.get(name);
      if (twin) return broken(line, `[${name}] stands here a second time; the first is in line ${twin.line}`);
      section = { header: name, line, settings: [] };
      sections.set(name, section);
      keys = new Set();
      valueIndent = undefined;
      continue;
    }
    if (content.startsWith("[")) return broken(line, "a section's name has no closing bracket");

    const setting = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(content);
    if (!setting) return broken(line, "this is neither a section, nor key = value, nor a comment");
    if (!section) return broken(line, "a setting stands before the first section");
    const key = setting[1]!.toLowerCase();
    if (keys.has(key)) {
      return broken(line, `${key} stands a second time in [${section.header}]`);
    }
    keys.add(key);
    section.settings.push({ key, value: setting[2]!, line });
    valueIndent = indent;
  }
  return ok([...sections.values()]);
}

const broken = (line: number, why: string): Result<never, Broken> => err({ line, why });

/** `[profile dev]` and `[default]` → the profile's name. */
export function profileOf({ header }: Section): string | undefined {
  if (header === "default") return header;
  const name = /^profile\s+(?:"([^"]*)"|'([^']*)'|(\S+))$/.exec(header);
  return name?.[1] ?? name?.[2] ?? name?.[3];
}

/** `[sso-session acme]` → `acme`. @source botocore reads the header with shlex. */
export function sessionNameOf({ header }: Section): string | undefined {
  const name = /^sso-session\s+(?:"([^"]*)"|'([^']*)'|(\S+))$/.exec(header);
  return name?.[1] ?? name?.[2] ?? name?.[3];
}
