import { isDeepStrictEqual } from "node:util";
import type { Random } from "../scale.ts";

/*
 * One thing put wrong in a JSON value, wherever it lies in it. `random` decides what and where, so a seed gives the same
 * mutants again.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Text that stands for itself in JSON: what `JSON.stringify` would not write. */
const RAW_NUMBERS = [
  "NaN",
  "-0",
  "9007199254740993",
  "1e400",
  "-1e400",
  "0x10",
  "01",
  "1.",
  "1e0",
  "Infinity",
];

export const HOSTILE_VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  "",
  "a",
  "' OR 1=1 --",
  "../../etc/passwd",
  "000000000000/roles",
  "\u0000",
  "\ud800",
  "\u202egnp.exe",
  "𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙",
  "ſealed",
  "sealed\u0301",
  "http://169.254.169.254/latest/",
  "x".repeat(3_000),
  // Good values in a wrong place, or not granted.
  "ReadOnly",
  "123456789012",
  "relay",
  [],
  [[]],
  {},
  { length: 12 },
  { toString: "x" },
];

const HOSTILE_NAMES = ["more", "__proto__", "constructor", "prototype", "toString", "then", "0", "", "ｍ"];

type Path = readonly (string | number)[];

/** Every place in a value, itself included. */
function placesIn(value: Json, at: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [at];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((one: Json, i) => [i, one])
    : Object.entries(value);
  return [at, ...entries.flatMap(([name, one]) => placesIn(one, [...at, name]))];
}

function changedAt(
  value: Json,
  [name, ...rest]: Path,
  change: (old: Json) => Json | undefined,
): Json | undefined {
  if (name === undefined) return change(value);
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    const changed = changedAt(items[name as number]!, rest, change);
    return items.flatMap((one, i) => (i !== name ? [one] : changed === undefined ? [] : [changed]));
  }
  // Entries, not a spread: a member called `__proto__` is one like any other here.
  const entries = Object.entries(value as object).flatMap(([key, one]): [string, Json][] => {
    if (key !== name) return [[key, one as Json]];
    const changed = changedAt(one as Json, rest, change);
    return changed === undefined ? [] : [[key, changed]];
  });
  return Object.fromEntries(entries);
}

/** Change one character, or nearly the whole if it is no text. */
function flip(value: Json, random: Random): Json {
  if (typeof value === "number") return value + (random(2) === 0 ? 1 : -1);
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string" || value === "") return `${JSON.stringify(value)}x`;
  const at = random(value.length);
  const other = value[at] === "A" ? "B" : "A";
  return value.slice(0, at) + other + value.slice(at + 1);
}

function worse(value: Json, random: Random): Json | undefined {
  switch (random(6)) {
    case 0:
      return undefined; // left out
    case 1: {
      if (value === null || typeof value !== "object" || Array.isArray(value)) return [value];
      const name = HOSTILE_NAMES[random(HOSTILE_NAMES.length)]!;
      const more: [string, Json] = [name, HOSTILE_VALUES[random(HOSTILE_VALUES.length)]!];
      return Object.fromEntries([...Object.entries(value), more]);
    }
    case 2:
      return typeof value === "number" ? String(value) : [value];
    case 3:
      return flip(value, random);
    case 4:
      return typeof value === "string"
        ? random(2) === 0
          ? value.toUpperCase()
          : `${value} `
        : flip(value, random);
    default:
      return HOSTILE_VALUES[random(HOSTILE_VALUES.length)]!;
  }
}

export interface Mutated {
  readonly text: string;
  /** What was changed: the names on the way there, without positions in lists. */
  readonly member: string;
}

/** A JSON text that says something else than `value` does, or is none any more. */
export function mutateJson(value: Json, random: Random): Mutated {
  for (;;) {
    const places = placesIn(value);
    const place = places[random(places.length)]!;
    const member = place.filter((name) => typeof name === "string").join(".");
    const changed = changedAt(value, place, (old) => worse(old, random));
    const isTorn = random(5) === 0 || changed === undefined;
    const mutated = isTorn ? tornText(value, place, random) : { text: JSON.stringify(changed), member };
    if (!isSame(mutated.text, value)) return mutated;
  }
}

/** Wrong as a text: cut off, two members of one name, a number that is none, something before or behind. */
function tornText(value: Json, place: Path, random: Random): Mutated {
  const torn = (text: string, member = ""): Mutated => ({ text, member });
  const text = JSON.stringify(value);
  const name = String(place[0] ?? "more");
  const hostile = JSON.stringify(HOSTILE_VALUES[random(HOSTILE_VALUES.length)]!);
  switch (random(6)) {
    case 0:
      return torn(text.slice(0, random(text.length)));
    case 1:
      return torn(text.replace(/}$/, `,${JSON.stringify(name)}:${hostile}}`), name); // the last of two counts
    case 2: {
      const raw = RAW_NUMBERS[random(RAW_NUMBERS.length)]!;
      const [, first = ""] = /"(\w+)":(?:\d+|"[^"]*"|true|false|null)/.exec(text) ?? [];
      return torn(text.replace(/(":)(?:\d+|"[^"]*"|true|false|null)/, `$1${raw}`), first);
    }
    case 3:
      return torn(["\ufeff", "\u0000", "[", "//", " ,"][random(5)]! + text);
    case 4:
      return torn(text + ["x", "\u0000", "}", text, ","][random(5)]!);
    default:
      return torn(`${"[".repeat(2_000)}${"]".repeat(2_000)}`);
  }
}

function isSame(text: string, value: Json): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
  } catch {
    return false;
  }
}
