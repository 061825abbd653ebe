import type { AccountId, RoleName } from "./domain/ids.ts";
import type { Refusal } from "./protocol/errors.ts";
import type { Asking } from "./protocol/relay.ts";
import type { Result } from "./result.ts";
import { type EpochMs, toMs } from "./time.ts";

export interface Want {
  readonly account: AccountId;
  readonly role: RoleName;
}

/** The person at the terminal, where the policy has the user asked. */
export interface AskVoice {
  /** Whether somebody can see the number. */
  readonly interactive: boolean;
  /** What the user is told of this terminal: program and folder. */
  readonly process: string;
  readonly directory: string;
  /** [AS2] Show the number; the user types it into the extension until then. */
  show(num: number, want: Want, until: EpochMs): void;
  /** The answer is there, whatever it is. */
  done(): void;
}

const LEAST = 10;
const PAIRS = 90;

/** [AS2] Two digits, each pair as likely as any other. */
export function newAsking({ process, directory, interactive }: AskVoice): Asking {
  const byte = new Uint8Array(1);
  do crypto.getRandomValues(byte);
  while (byte[0]! >= 2 * PAIRS);
  return { num: LEAST + (byte[0]! % PAIRS), process, directory, interactive };
}

/**
 * [RM10] Ask again, with the same number, while a browser is away that was there a moment ago: it may have put the extension to
 * sleep while its user was reading the number.
 */
export async function untilBack<T>(
  work: () => Promise<Result<T, Refusal>>,
  isWorthIt: () => boolean,
): Promise<Result<T, Refusal>> {
  for (;;) {
    const done = await work();
    const seconds =
      done.ok || done.error.code !== "browser-offline" ? undefined : done.error.retryAfterSeconds;
    if (seconds === undefined || !isWorthIt()) return done;
    await new Promise((resolve) => setTimeout(resolve, toMs(seconds)));
  }
}
