/*
 * Search over accounts and roles, as one types into the popup. Every word must be found, each in whichever field it fits
 * best; letters may be left out (`pay ro` finds Payments / ReadOnly), and hits at the start of words count for more.
 */

export interface SearchEntry {
  readonly account: string;
  readonly accountName: string | null;
  readonly email: string | null;
  readonly role: string;
}

/** An entry made ready once: two thousand accounts with five roles are looked through at every key press. */
export interface IndexedEntry<E extends SearchEntry> {
  readonly entry: E;
  readonly fields: readonly Field[];
}

interface Field {
  readonly text: string;
  /** `starts[i]`: a word starts at i, as in `read-Only`. */
  readonly starts: readonly boolean[];
  readonly weight: number;
}

const isUpper = (c: string): boolean => c >= "A" && c <= "Z";
const isWordChar = (c: string): boolean => /[\p{L}\p{N}]/u.test(c);

function wordStarts(text: string): boolean[] {
  return text.split("").map((c, i, all) => {
    if (!isWordChar(c)) return false;
    const before = all[i - 1];
    return before === undefined || !isWordChar(before) || (isUpper(c) && !isUpper(before));
  });
}

/** Without accents: people type `muller` and mean `Müller`. */
const plain = (text: string): string => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

function field(text: string | null, weight: number): Field[] {
  if (!text) return [];
  const flat = plain(text);
  return [{ text: flat.toLowerCase(), starts: wordStarts(flat), weight }];
}

export function indexEntries<E extends SearchEntry>(entries: readonly E[]): IndexedEntry<E>[] {
  // Accounts repeat with every role; their fields are made once.
  const byAccount = new Map<string, readonly Field[]>();
  const byRole = new Map<string, readonly Field[]>();
  return entries.map((entry) => {
    let account = byAccount.get(entry.account);
    if (!account) {
      account = [...field(entry.accountName, 1), ...field(entry.account, 0.9), ...field(entry.email, 0.6)];
      byAccount.set(entry.account, account);
    }
    let role = byRole.get(entry.role);
    if (!role) {
      role = field(entry.role, 0.95);
      byRole.set(entry.role, role);
    }
    return { entry, fields: [...account, ...role] };
  });
}

const WHOLE = 1_000;
const PREFIX = 400;
const WORD_START = 250;
const INSIDE = 120;

/** The letters of `word` in order, few jumps apart. 0 when it is not worth calling a hit. */
function scattered(word: string, { text, starts }: Field): number {
  let score = 0;
  let at = -1;
  for (const letter of word) {
    let next = text.indexOf(letter, at + 1);
    if (next === -1) return 0;
    if (next !== at + 1) {
      // A letter that starts a word is a better reading than one in the middle of the word before.
      let jump = next;
      while (jump !== -1 && !starts[jump]) jump = text.indexOf(letter, jump + 1);
      if (jump === -1) return 0;
      next = jump;
    }
    score += starts[next] ? 12 : 6;
    at = next;
  }
  return score;
}

function scoreField(word: string, target: Field): number {
  const at = target.text.indexOf(word);
  if (at === -1) return word.length < 2 ? 0 : scattered(word, target) * target.weight;
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

/** Scores of one word by field. An account's fields stand in all its entries, so most questions come again. */
function scorerOf(word: string): (target: Field) => number {
  const known = new Map<Field, number>();
  return (target) => {
    let score = known.get(target);
    if (score === undefined) {
      score = scoreField(word, target);
      known.set(target, score);
    }
    return score;
  };
}

/** 0 when a word is not found anywhere. */
function scoreEntry(scorers: readonly ((target: Field) => number)[], fields: readonly Field[]): number {
  let sum = 0;
  for (const scorer of scorers) {
    let best = 0;
    for (const target of fields) best = Math.max(best, scorer(target));
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/** Best first; equals keep their order. An empty query gives everything as it came. */
export function search<E extends SearchEntry>(index: readonly IndexedEntry<E>[], query: string): E[] {
  const words = plain(query)
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean);
  if (words.length === 0) return index.map(({ entry }) => entry);
  const scorers = words.map(scorerOf);
  const hits: { entry: E; score: number; at: number }[] = [];
  index.forEach(({ entry, fields }, at) => {
    const score = scoreEntry(scorers, fields);
    if (score > 0) hits.push({ entry, score, at });
  });
  hits.sort((a, b) => b.score - a.score || a.at - b.at);
  return hits.map(({ entry }) => entry);
}
