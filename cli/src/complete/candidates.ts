/** What can be typed somewhere, and a few words on it. */
export interface Candidate {
  readonly text: string;
  readonly about: string;
}

/** What jcfetch knows of itself, and of this terminal. The last three are looked up when they are needed. */
export interface Known {
  readonly commands: readonly Candidate[];
  /** With their leading hyphens. */
  readonly optionsOf: (command: string | undefined) => readonly Candidate[];
  readonly takesValue: (option: string) => boolean;
  /** For an option's value, or for the words after a command. */
  readonly valuesOf: (place: Place) => Promise<readonly Candidate[]>;
}

export type Place =
  | { readonly kind: "option"; readonly option: string }
  /** @param first what stands after the command, where that is not what is being typed. */
  | { readonly kind: "word"; readonly command: string; readonly index: number; readonly first?: string };

/**
 * What can stand where the last word is being typed.
 *
 * @param words after `jcfetch`; the last one as far as it is typed. Where bash has cut `--option=value` at its `=`, three of
 *   them are one.
 */
export async function candidates(words: readonly string[], known: Known): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  if (before.includes("--")) return []; // another program's command line
  const fitting = (all: readonly Candidate[], start = typed, prefix = "") =>
    all.filter(({ text }) => text.startsWith(start)).map((one) => ({ ...one, text: prefix + one.text }));

  const cut = cutOption(words);
  if (cut) return fitting(await known.valuesOf({ kind: "option", option: cut.option }), cut.start);
  const [, option, start = ""] = /^(--[\w-]+)=(.*)$/s.exec(typed) ?? [];
  if (option !== undefined) {
    return fitting(await known.valuesOf({ kind: "option", option }), start, `${option}=`);
  }
  const last = before.at(-1);
  if (last?.startsWith("-") && known.takesValue(last)) {
    return fitting(await known.valuesOf({ kind: "option", option: last }));
  }

  const [command, ...rest] = plainWords(before, known.takesValue);
  if (typed.startsWith("-")) {
    return fitting(known.optionsOf(command).filter(({ text }) => !before.includes(text)));
  }
  if (command === undefined) return fitting(known.commands);
  const first = rest[0] === undefined ? {} : { first: rest[0] };
  return fitting(await known.valuesOf({ kind: "word", command, index: rest.length, ...first }));
}

/** `--profile` `=` `de`, or `--profile` `=` */
function cutOption(words: readonly string[]): { option: string; start: string } | undefined {
  const [a = "", b = "", c = ""] = words.slice(-3);
  if (/^--[\w-]+$/.test(b) && c === "=") return { option: b, start: "" };
  return /^--[\w-]+$/.test(a) && b === "=" ? { option: a, start: c } : undefined;
}

/** Without options and their values. */
function plainWords(words: readonly string[], takesValue: Known["takesValue"]): readonly string[] {
  return words.filter((word, i) => {
    if (word.startsWith("-")) return false;
    const previous = words[i - 1];
    return !(previous?.startsWith("-") && takesValue(previous));
  });
}
