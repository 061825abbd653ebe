/** An answer that is none, whatever service gives it (noise.ts). */
export type Noise = "trickle" | "huge" | "wrong" | "redirect" | "truncated" | "past";

export type FaultKind =
  | Noise
  | "throttle"
  | "unauthorized"
  | "forbidden"
  | "error"
  | "slow"
  | "garbage"
  | "hang"
  | "hold";

export interface Fault {
  /** An operation's name, or `*` for every one. */
  readonly operation: string;
  readonly kind: FaultKind;
  /** How many calls it meets; without it, all until `clear()`. */
  readonly times?: number;
  /** Delay of `slow`. */
  readonly ms?: number;
  /** Status of `error`. */
  readonly status?: number;
  /** Beside `throttle`, which AWS's own answers leave out. */
  readonly retryAfterSeconds?: number;
}

/** What a call does about a fault, once waiting is over. */
export type FaultAnswer = Exclude<FaultKind, "slow" | "hold"> | undefined;

interface Standing {
  readonly fault: Fault;
  left: number;
}

/** Faults by script. A test adds them, makes calls, waits on `waiting()`, lets go with `release()`. */
export class Faults {
  /** Calls a second and token that the portal API answers; more get 429. Undefined: no limit. */
  rateLimit: number | undefined;
  #standing: Standing[] = [];
  #held = new Map<string, Set<() => void>>();
  #awaited: { readonly operation: string; readonly resolve: () => void }[] = [];
  #recent = new Map<string, number[]>();
  readonly #stopped: AbortSignal;

  constructor(stopped: AbortSignal) {
    this.#stopped = stopped;
    stopped.addEventListener("abort", () => this.release());
  }

  add(fault: Fault): void {
    this.#standing.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#standing = [];
    this.rateLimit = undefined;
    this.release();
  }

  list(): readonly Fault[] {
    return this.#standing.map(({ fault }) => fault);
  }

  /** Lets every held call go on. */
  release(): void {
    const held = [...this.#held.values()].flatMap((calls) => [...calls]);
    this.#held.clear();
    for (const letGo of held) letGo();
  }

  /** How many calls of an operation are held now. */
  held(operation: string): number {
    return this.#held.get(operation)?.size ?? 0;
  }

  /** Resolves as soon as a call of the operation is held. */
  waiting(operation: string): Promise<void> {
    if (this.held(operation) > 0) return Promise.resolve();
    return new Promise((resolve) => this.#awaited.push({ operation, resolve }));
  }

  /** Spends the next fault of an operation; returns what the call must answer instead, if anything. */
  async meet(
    operation: string,
    callerGone: AbortSignal,
  ): Promise<{ fault: Fault; answer: FaultAnswer } | undefined> {
    const standing = this.#standing.find(
      ({ fault, left }) => left > 0 && (fault.operation === operation || fault.operation === "*"),
    );
    if (standing === undefined) return undefined;
    standing.left -= 1;
    if (standing.left === 0) this.#standing = this.#standing.filter((one) => one !== standing);
    const { fault } = standing;
    if (fault.kind === "slow") await this.#pause(fault.ms ?? 1000, callerGone);
    else if (fault.kind === "hold") await this.#hold(operation, callerGone);
    else if (fault.kind === "hang") await this.#pause(undefined, callerGone);
    const answer = fault.kind === "slow" || fault.kind === "hold" ? undefined : fault.kind;
    return { fault, answer };
  }

  /** Counts a call against the rate limit of its token; true when it is one too many. */
  overRate(token: string, nowMs: number): boolean {
    if (this.rateLimit === undefined) return false;
    const recent = (this.#recent.get(token) ?? []).filter((atMs) => nowMs - atMs < 1000);
    const over = recent.length >= this.rateLimit;
    if (!over) recent.push(nowMs);
    this.#recent.set(token, recent);
    return over;
  }

  #hold(operation: string, callerGone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const calls = this.#held.get(operation) ?? new Set();
      this.#held.set(operation, calls);
      const letGo = () => {
        calls.delete(letGo);
        resolve();
      };
      calls.add(letGo);
      callerGone.addEventListener("abort", letGo, { once: true });
      if (callerGone.aborted || this.#stopped.aborted) letGo();
      const met = this.#awaited.filter((one) => one.operation === operation);
      this.#awaited = this.#awaited.filter((one) => one.operation !== operation);
      for (const one of met) one.resolve();
    });
  }

  /** Waits `ms`, or for ever; ends early when the caller goes or the world stops. */
  #pause(ms: number | undefined, callerGone: AbortSignal): Promise<void> {
    const over = AbortSignal.any([callerGone, this.#stopped]);
    return new Promise((resolve) => {
      if (over.aborted) return resolve();
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      over.addEventListener(
        "abort",
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }
}
