import type { Result } from "@jcfetch/shared/result";
import { type Clock, SECOND_MS } from "@jcfetch/shared/time";
import { type Breaker, CLOSED, failed, hasTripped } from "../broker/breaker.ts";
import { type BrokerError, refusal } from "../errors.ts";

type Refused = ReturnType<typeof refusal>;

/** The platform allows six connections at once; some are left for what is no call to AWS. */
const MAX_AT_ONCE = 4;
/** While one request tries, the others need not wait long to hear how it went. */
const WHILE_TRIED_SECONDS = 1;

/** One user's way to AWS: few calls at a time, and none while AWS needs to be left alone. In memory only. */
export class UpstreamGate {
  readonly #now: Clock;
  #breaker: Breaker = CLOSED;
  #lastFailure: Refused = refusal("aws-failed");
  #isTrying = false;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(now: Clock) {
    this.#now = now;
  }

  /**
   * [CR11] [CR12] Make the call in its turn, or say at once why it is not made.
   *
   * @param isWanted asked when the turn has come: whoever the call was for may have given up by then.
   */
  async pass<T>(
    call: () => Promise<Result<T, BrokerError>>,
    isWanted: () => boolean = () => true,
  ): Promise<Result<T, BrokerError>> {
    const before = this.#whyNot();
    if (before) return before;
    await this.#turn();
    try {
      // Those before in the line may have found out that AWS does not answer.
      const meanwhile = this.#whyNot();
      if (meanwhile) return meanwhile;
      return isWanted() ? await this.#make(call) : refusal("aws-failed", WHILE_TRIED_SECONDS);
    } finally {
      this.#next();
    }
  }

  async #make<T>(call: () => Promise<Result<T, BrokerError>>): Promise<Result<T, BrokerError>> {
    const isTry = hasTripped(this.#breaker);
    if (isTry) this.#isTrying = true;
    try {
      const answer = await call();
      this.#note(answer);
      return answer;
    } finally {
      if (isTry) this.#isTrying = false;
    }
  }

  #note(answer: Result<unknown, BrokerError>): void {
    if (answer.ok || !isFailure(answer.error)) {
      this.#breaker = CLOSED;
      return;
    }
    const { reason, retryAfterSeconds = 0 } = answer.error;
    this.#breaker = failed(this.#breaker, this.#now(), retryAfterSeconds * SECOND_MS);
    this.#lastFailure = refusal(reason);
  }

  #whyNot(): Refused | undefined {
    if (!hasTripped(this.#breaker)) return undefined;
    const waitMs = this.#breaker.openUntil - this.#now();
    if (waitMs <= 0 && !this.#isTrying) return undefined;
    const seconds = waitMs > 0 ? Math.ceil(waitMs / SECOND_MS) : WHILE_TRIED_SECONDS;
    return refusal(this.#lastFailure.error.reason, seconds);
  }

  async #turn(): Promise<void> {
    if (this.#running < MAX_AT_ONCE) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A place is handed on, not given back: nobody can slip in before the one who waits for it. */
  #next(): void {
    const first = this.#waiting.shift();
    if (first) first();
    else this.#running -= 1;
  }
}

const isFailure = ({ reason }: BrokerError): boolean => reason === "aws-throttled" || reason === "aws-failed";
