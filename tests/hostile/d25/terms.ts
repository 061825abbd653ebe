/*
 * Messages as terms, and what somebody who holds some of them can make of them: the usual symbolic attacker of Dolev and
 * Yao. Cryptography is ideal: a seal opens with its key or not at all, a signature shows its content and cannot be made
 * without its key, a hash cannot be turned back.
 */

export type Term =
  /** A key, a nonce, a secret: cannot be made, only known. */
  | { readonly op: "name"; readonly id: string }
  /** A constant that everybody can say. */
  | { readonly op: "word"; readonly id: string }
  | { readonly op: "pub" | "hash"; readonly id: string; readonly of: Term }
  | { readonly op: "list"; readonly id: string; readonly of: readonly Term[] }
  /** `key` is the private half. The content can be read by anybody. */
  | { readonly op: "sign"; readonly id: string; readonly key: Term; readonly of: Term }
  /** `to` is a public key; `at` is what is authenticated and not hidden (HPKE's `info` and `aad`). */
  | { readonly op: "seal"; readonly id: string; readonly to: Term; readonly at: Term; readonly of: Term }
  | { readonly op: "aead"; readonly id: string; readonly key: Term; readonly at: Term; readonly of: Term };

export const name = (id: string): Term => ({ op: "name", id });
export const word = (text: string): Term => ({ op: "word", id: `'${text}'` });
export const pub = (of: Term): Term => ({ op: "pub", id: `pub(${of.id})`, of });
export const hash = (of: Term): Term => ({ op: "hash", id: `h(${of.id})`, of });
export const list = (...of: readonly Term[]): Term => ({
  op: "list",
  id: `[${of.map(({ id }) => id).join(",")}]`,
  of,
});
export const sign = (key: Term, of: Term): Term => ({ op: "sign", id: `sign(${key.id},${of.id})`, key, of });
export const seal = (to: Term, at: Term, of: Term): Term => ({
  op: "seal",
  id: `seal(${to.id},${at.id},${of.id})`,
  to,
  at,
  of,
});
export const aead = (key: Term, at: Term, of: Term): Term => ({
  op: "aead",
  id: `aead(${key.id},${at.id},${of.id})`,
  key,
  at,
  of,
});

/** A step of an honest party, or of nature: whoever can make all of `needs` gets `gives`. */
export interface Rule {
  readonly needs: readonly Term[];
  readonly gives: readonly Term[];
}

/** What an attacker knows, closed under everything they can do. */
export class Knowledge {
  readonly #held = new Set<string>();
  /** Closed boxes, to be tried again with each new key. */
  #boxes: Term[] = [];
  /** Answers of `derives`; good until something new is learned. */
  #answers = new Map<string, boolean>();

  constructor(start: readonly Term[], rules: readonly Rule[] = []) {
    this.#learn(start);
    let waiting = rules;
    for (let before = -1; before !== waiting.length; ) {
      before = waiting.length;
      const ready = waiting.filter(({ needs }) => needs.every((term) => this.derives(term)));
      waiting = waiting.filter((rule) => !ready.includes(rule));
      this.#learn(ready.flatMap(({ gives }) => gives));
    }
  }

  /** Take apart all that can be taken apart. */
  #learn(terms: readonly Term[]): void {
    const fresh = [...terms];
    for (let term = fresh.pop(); term !== undefined; term = fresh.pop()) {
      if (this.#held.has(term.id)) continue;
      this.#held.add(term.id);
      this.#answers = new Map();
      if (term.op === "list") fresh.push(...term.of);
      if (term.op === "sign") fresh.push(term.of);
      if (term.op === "seal" || term.op === "aead") this.#boxes.push(term);
      const opened = this.#boxes.filter((box) => this.#opens(box));
      this.#boxes = this.#boxes.filter((box) => !opened.includes(box));
      for (const box of opened) if (box.op === "seal" || box.op === "aead") fresh.push(box.of, box.at);
    }
  }

  #opens(box: Term): boolean {
    if (box.op === "aead") return this.derives(box.key);
    return box.op === "seal" && box.to.op === "pub" && this.derives(box.to.of);
  }

  /** Whether the term is known, or can be put together from what is known. */
  derives(term: Term): boolean {
    if (this.#held.has(term.id)) return true;
    const known = this.#answers.get(term.id);
    if (known !== undefined) return known;
    const answer = this.#composes(term);
    this.#answers.set(term.id, answer);
    return answer;
  }

  #composes(term: Term): boolean {
    switch (term.op) {
      case "name":
        return false;
      case "word":
        return true;
      case "pub":
      case "hash":
        return this.derives(term.of);
      case "list":
        return term.of.every((part) => this.derives(part));
      case "sign":
        return this.derives(term.key) && this.derives(term.of);
      case "seal":
        return this.derives(term.to) && this.derives(term.at) && this.derives(term.of);
      case "aead":
        return this.derives(term.key) && this.derives(term.at) && this.derives(term.of);
    }
  }
}
