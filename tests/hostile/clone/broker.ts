import { issue, NEVER_JOINED, present } from "../../../worker/src/broker/join-state.ts";

/** One device as its broker sees it: the decisions that the broker makes, without the broker. */
export class DecidingBroker {
  #state = NEVER_JOINED;

  get issued(): number {
    return this.#state.issued;
  }

  /** @returns what was decided, and the number that goes with the answer if the request was good and brings one. */
  ask(n: number, now: number, brings: boolean): { is: string; next?: number } {
    const decided = present(this.#state, n, now);
    if (decided.is === "overtaken") return { is: decided.is, next: n };
    if (decided.is !== "head") return { is: decided.is };
    this.#state = brings ? issue(decided.state) : decided.state;
    return { is: decided.is, next: brings ? this.#state.issued : n };
  }
}
