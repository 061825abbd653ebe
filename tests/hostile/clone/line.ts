/** How long a number that was superseded may still be on its way. */
const TOLERATED_SECONDS = 120;

/**
 * The rule of join states said plainly, with everything remembered: who was whose child, and when each was superseded.
 * What the broker keeps of it is a short list.
 */
export class PlainLine {
  issued = 0;
  #head = 0;
  readonly #parent = new Map<number, number>();
  readonly #supersededAt = new Map<number, number>();

  present(n: number, now: number): "head" | "overtaken" | "forked" | "ahead" {
    if (n > this.issued) return "ahead";
    if (n === this.#head) return "head";
    const since = this.#supersededAt.get(n);
    if (since === undefined && this.#parent.get(n) === this.#head) {
      for (let other = 0; other <= this.issued; other++) {
        if (other !== n && !this.#supersededAt.has(other)) this.#supersededAt.set(other, now);
      }
      this.#head = n;
      return "head";
    }
    return now - since! <= TOLERATED_SECONDS ? "overtaken" : "forked";
  }

  issue(): number {
    this.issued += 1;
    this.#parent.set(this.issued, this.#head);
    return this.issued;
  }
}
