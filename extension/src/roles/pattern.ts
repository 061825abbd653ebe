/*
 * Regular expressions of people, matched in a time that no expression can stretch: rules come in files of colleagues and in
 * policies, and the browser's own engine goes back and forth for hours over `(a+)+b`, in the background, each time it starts. Here
 * no step is tried twice at one place. What needs more than that, back references and looking behind, cannot be read.
 */

type Node =
  | { readonly is: "letter"; readonly fits: (letter: string) => boolean }
  | { readonly is: "place"; readonly fits: (text: string, at: number) => boolean }
  | { readonly is: "ahead"; readonly wanted: boolean; readonly what: Node }
  | { readonly is: "all"; readonly parts: readonly Node[] }
  | { readonly is: "any"; readonly ways: readonly Node[] }
  | { readonly is: "times"; readonly what: Node; readonly least: number; readonly most: number };

type Step =
  | (Extract<Node, { is: "letter" | "place" }> & { readonly next: number })
  | { readonly is: "either"; readonly ways: readonly number[] }
  | { readonly is: "ahead"; readonly wanted: boolean; readonly from: number; readonly next: number }
  | { readonly is: "found" };

/** More than a name's pattern needs; `((a{99}){99}){99}` would have no end. */
const MAX_STEPS = 400;
const MAX_AHEADS = 4;

class Unreadable extends Error {}

const isWord = (letter: string | undefined): boolean => letter !== undefined && /\w/.test(letter);
const atEdge = (text: string, at: number): boolean => isWord(text[at - 1]) !== isWord(text[at]);

/** What a letter's worth of expression means is the browser's to say: over one letter it takes no time. */
function letterOf(source: string): Node {
  const own = new RegExp(`^(?:${source})$`, "i");
  return { is: "letter", fits: (letter) => own.test(letter) };
}

const PLACES: Readonly<Record<string, (text: string, at: number) => boolean>> = {
  "^": (_text, at) => at === 0,
  $: (text, at) => at === text.length,
  "\\b": atEdge,
  "\\B": (text, at) => !atEdge(text, at),
};

const PLACE = /\^|\$|\\[bB]/y;
const LETTER = /\[(?:\\.|[^\]\\])*\]|\\[dDwWsStrnfv]|\\[^\w]|[^\\()[{*+?|^$]/y;
const GROUP = /\((\?[:=!])?/y;
const TIMES = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y; // lazy ones find the same

class Reader {
  readonly #source: string;
  #at = 0;
  #aheads = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws Unreadable */
  whole(): Node {
    const node = this.#ways();
    if (this.#at < this.#source.length) throw new Unreadable();
    return node;
  }

  #take(token: RegExp): RegExpExecArray | null {
    token.lastIndex = this.#at;
    const found = token.exec(this.#source);
    this.#at += found?.[0].length ?? 0;
    return found;
  }

  #ways(): Node {
    const ways: Node[] = [this.#parts()];
    while (this.#take(/\|/y)) ways.push(this.#parts());
    return { is: "any", ways };
  }

  #parts(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at]!)) parts.push(this.#part());
    return { is: "all", parts };
  }

  #part(): Node {
    const what = this.#one();
    const times = this.#take(TIMES);
    if (!times) return what;
    const [, sign, from, comma, to] = times;
    const least = sign === "+" ? 1 : Number(from ?? 0);
    const most = sign === "?" ? 1 : sign || (comma && !to) ? Number.POSITIVE_INFINITY : Number(to || from);
    return { is: "times", what, least, most };
  }

  #one(): Node {
    const place = this.#take(PLACE);
    if (place) return { is: "place", fits: PLACES[place[0]]! };
    const letter = this.#take(LETTER);
    if (letter) return letterOf(letter[0]);
    const group = this.#take(GROUP);
    if (!group) throw new Unreadable();
    const what = this.#ways();
    if (!this.#take(/\)/y)) throw new Unreadable();
    if (group[1] === undefined || group[1] === "?:") return what;
    this.#aheads += 1;
    if (this.#aheads > MAX_AHEADS) throw new Unreadable();
    return { is: "ahead", wanted: group[1] === "?=", what };
  }
}

/** The steps of an expression, made from its end to its start, because each is told which comes next. */
class Plan {
  readonly steps: Step[] = [{ is: "found" }];
  #work = 0;

  /** @returns where to begin. @throws Unreadable */
  add(node: Node, next: number): number {
    this.#work += 1; // what holds nothing adds no step, and can be repeated all the same
    if (this.steps.length > MAX_STEPS || this.#work > 4 * MAX_STEPS) throw new Unreadable();
    switch (node.is) {
      case "letter":
      case "place":
        return this.#push({ ...node, next });
      case "ahead":
        return this.#push({ is: "ahead", wanted: node.wanted, from: this.add(node.what, 0), next });
      case "all":
        return node.parts.reduceRight((after, part) => this.add(part, after), next);
      case "any":
        return node.ways.length === 1
          ? this.add(node.ways[0]!, next)
          : this.#push({ is: "either", ways: node.ways.map((way) => this.add(way, next)) });
      case "times":
        return this.#times(node, next);
    }
  }

  #times({ what, least, most }: Extract<Node, { is: "times" }>, next: number): number {
    let at = next;
    if (most === Number.POSITIVE_INFINITY) {
      const ways = [next];
      at = this.#push({ is: "either", ways });
      ways.push(this.add(what, at));
    } else {
      for (let more = least; more < most; more++)
        at = this.#push({ is: "either", ways: [this.add(what, at), next] });
    }
    for (let times = 0; times < least; times++) at = this.add(what, at);
    return at;
  }

  #push(step: Step): number {
    return this.steps.push(step) - 1;
  }
}

/** Whether a way leads from one of these beginnings to `found`. No step is tried twice at one place of the text. */
function leads(steps: readonly Step[], text: string, from: number, places: Iterable<number>): boolean {
  const tried = new Uint8Array(steps.length * (text.length + 1));
  const open: number[] = [];
  const go = (step: number, at: number): void => {
    const key = at * steps.length + step;
    if (tried[key] === 0) open.push(key);
    tried[key] = 1;
  };
  for (const place of places) go(from, place);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const at = Math.floor(key / steps.length);
    const step = steps[key % steps.length]!;
    if (step.is === "found") return true;
    if (step.is === "either") for (const way of step.ways) go(way, at);
    else if (step.is === "letter") at < text.length && step.fits(text[at]!) && go(step.next, at + 1);
    else if (step.is === "place") step.fits(text, at) && go(step.next, at);
    else if (leads(steps, text, step.from, [at]) === step.wanted) go(step.next, at);
  }
  return false;
}

/**
 * What the browser's engine is quick at whatever it is given, and quicker than ours: no group and two repetitions at the most, or
 * one group and none.
 */
function isPlain(source: string): boolean {
  const repeats = source.match(/[*+?{]/g)?.length ?? 0;
  const groups = source.match(/[(|]/g) ?? [];
  return groups.length === 0 ? repeats <= 2 : repeats === 0 && source.split("(").length <= 2;
}

/** A test for texts that fit, letters in either case; undefined for what cannot be read, or is longer than any use. */
export function patternTest(source: string): ((text: string) => boolean) | undefined {
  const plan = new Plan();
  let from: number;
  try {
    const own = new RegExp(source, "i"); // what the browser cannot read is not read otherwise here
    if (isPlain(source)) return (text) => own.test(text);
    from = plan.add(new Reader(source).whole(), 0);
  } catch {
    return undefined;
  }
  return (text) =>
    leads(
      plan.steps,
      text,
      from,
      Array.from({ length: text.length + 1 }, (_, at) => at),
    );
}
