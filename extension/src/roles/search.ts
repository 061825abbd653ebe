/*
 * Search over accounts and roles, as one types into the popup. Every word must be found, each in whichever field it fits
 * best; letters may be left out (`pay ro` finds Payments / ReadOnly), and hits at the start of words count for more.
 */

export interface SearchEntry {
  readonly account: string;
  readonly accountName: string | null;
  readonly email: string | null;
  readonly role: string;
  /** What the user calls the account. */
  readonly label?: string | null;
  readonly tags?: readonly string[];
}

/** An entry made ready once: two thousand accounts with five roles are looked through at every key press. */
export interface IndexedEntry<E extends SearchEntry> {
  readonly entry: E;
  /** One list for all the roles of an account. */
  readonly account: readonly Field[];
  /** One list for all the roles of a name. */
  readonly role: readonly Field[];
}

/** A text that is searched. */
class Field {
  readonly text: string;
  readonly weight: number;
  readonly #flat: string;
  #starts: readonly boolean[] | undefined;

  /** @param flat without accents, in the letters' own case */
  constructor(flat: string, weight: number) {
    this.#flat = flat;
    this.text = flat.toLowerCase();
    this.weight = weight;
  }

  /** `starts[i]`: a word starts at i, as in `read-Only`. Most texts are never asked. */
  get starts(): readonly boolean[] {
    this.#starts ??= wordStarts(this.#flat);
    return this.#starts;
  }
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
const isUpper = (c: string): boolean => c >= "A" && c <= "Z";
/** Nearly every letter of nearly every name is one of those that need no question. */
const isWordChar = (c: string): boolean =>
  (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || isUpper(c) || (c > "\x7f" && /[\p{L}\p{N}]/u.test(c));

function wordStarts(text: string): boolean[] {
  const starts: boolean[] = [];
  let before = "";
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    starts.push(isWordChar(c) && (!isWordChar(before) || (isUpper(c) && !isUpper(before))));
    before = c;
  }
  return starts;
}

/** Without accents: people type `muller` and mean `Müller`. */
const plain = (text: string): string =>
  isAscii(text) ? text : text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

const wordsOf = (query: string): string[] =>
  plain(query)
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean);

const field = (text: string | null, weight: number): Field[] =>
  text ? [new Field(plain(text), weight)] : [];

export function indexEntries<E extends SearchEntry>(entries: readonly E[]): IndexedEntry<E>[] {
  // Accounts repeat with every role; their fields are made once.
  const byAccount = new Map<string, readonly Field[]>();
  const byRole = new Map<string, readonly Field[]>();
  return entries.map((entry) => {
    let account = byAccount.get(entry.account);
    if (!account) {
      account = [
        ...field(entry.label ?? null, 1.1),
        ...field(entry.accountName, 1),
        ...field(entry.account, 0.9),
        ...field(entry.email, 0.6),
        ...(entry.tags ?? []).flatMap((tag) => field(tag, 0.8)),
      ];
      byAccount.set(entry.account, account);
    }
    let role = byRole.get(entry.role);
    if (!role) {
      role = field(entry.role, 0.95);
      byRole.set(entry.role, role);
    }
    return { entry, account, role };
  });
}

type Target = Pick<Field, "text" | "starts">;

const WHOLE = 1_000;
const PREFIX = 400;
const WORD_START = 250;
const INSIDE = 120;

/** Where the letters of `word` stand in order, few jumps apart. Undefined when it is not worth calling a hit. */
function scattered(word: string, { text, starts }: Target): number[] | undefined {
  const places: number[] = [];
  let at = -1;
  for (const letter of word) {
    let next = text.indexOf(letter, at + 1);
    if (next === -1) return undefined;
    if (next !== at + 1) {
      // A letter that starts a word is a better reading than one in the middle of the word before.
      let jump = next;
      while (jump !== -1 && !starts[jump]) jump = text.indexOf(letter, jump + 1);
      if (jump === -1) return undefined;
      next = jump;
    }
    places.push(next);
    at = next;
  }
  return places;
}

function scoreScattered(word: string, target: Field): number {
  const places = word.length < 2 ? undefined : scattered(word, target);
  return places?.reduce((sum, at) => sum + (target.starts[at] ? 12 : 6), 0) ?? 0;
}

function scoreField(word: string, target: Field): number {
  const at = target.text.indexOf(word);
  if (at === -1) return scoreScattered(word, target) * target.weight;
  const closeness = (20 * word.length) / target.text.length;
  if (word.length === target.text.length) return WHOLE * target.weight;
  if (at === 0) return (PREFIX + closeness) * target.weight;
  const atStart = target.starts[at] || startsLater(word, target, at);
  return ((atStart ? WORD_START : INSIDE) + closeness) * target.weight;
}

function startsLater(word: string, { text, starts }: Field, from: number): boolean {
  for (let at = text.indexOf(word, from + 1); at !== -1; at = text.indexOf(word, at + 1)) {
    if (starts[at]) return true;
  }
  return false;
}

/** The best score of one word in a list of fields. The list of an account stands in all its entries, so most questions come again. */
function scorerOf(word: string): (fields: readonly Field[]) => number {
  const known = new Map<readonly Field[], number>();
  return (fields) => {
    let best = known.get(fields);
    if (best === undefined) {
      best = fields.reduce((most, target) => Math.max(most, scoreField(word, target)), 0);
      known.set(fields, best);
    }
    return best;
  };
}

/** 0 when a word is not found anywhere. */
function scoreEntry<E extends SearchEntry>(
  scorers: readonly ReturnType<typeof scorerOf>[],
  { account, role }: IndexedEntry<E>,
): number {
  let sum = 0;
  for (const scorer of scorers) {
    const best = Math.max(scorer(account), scorer(role));
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/**
 * [SW3] Best first; equals keep their order. An empty query gives everything as it came.
 * @param habit what the user's habits add to a hit; it lifts one among hits of a kind, and never over a better kind
 */
export function search<E extends SearchEntry>(
  index: readonly IndexedEntry<E>[],
  query: string,
  habit: (entry: E) => number = () => 0,
): E[] {
  const words = wordsOf(query);
  if (words.length === 0) return index.map(({ entry }) => entry);
  const scorers = words.map(scorerOf);
  const hits: { entry: E; score: number; at: number }[] = [];
  index.forEach((indexed, at) => {
    const score = scoreEntry(scorers, indexed);
    if (score > 0) hits.push({ entry: indexed.entry, score: score + habit(indexed.entry), at });
  });
  hits.sort((a, b) => b.score - a.score || a.at - b.at);
  return hits.map(({ entry }) => entry);
}

/** A text in pieces: those that a word of the query has matched, and the rest. */
export type Piece = readonly [text: string, matched: boolean];

/** Letter by letter, so that every letter that is shown has its place; `ﬁ` becomes its first letter. */
const letters = (text: string): string[] =>
  Array.from(text, (letter) => plain(letter).toLowerCase().charAt(0) || " ");

function placesOf(word: string, target: Target): readonly number[] {
  const at = target.text.indexOf(word);
  if (at === -1) return word.length < 2 ? [] : (scattered(word, target) ?? []);
  return Array.from(word, (_letter, step) => at + step);
}

/** The letters that the query has found in a text. Only what is in sight is asked for. */
export function matched(text: string, query: string): Piece[] {
  const words = wordsOf(query);
  const shown = Array.from(text);
  const flat = letters(text).join("");
  if (words.length === 0 || flat.length !== shown.length) return [[text, false]];
  const target = { text: flat, starts: wordStarts(text) };
  const on = new Set(words.flatMap((word) => placesOf(word, target)));
  const pieces: [string, boolean][] = [];
  shown.forEach((letter, at) => {
    const last = pieces.at(-1);
    if (last && last[1] === on.has(at)) last[0] += letter;
    else pieces.push([letter, on.has(at)]);
  });
  return pieces;
}
