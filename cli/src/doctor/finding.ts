import type { Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";

/** `note`: nothing is wrong, but something is worth knowing. */
export type State = "ok" | "note" | "wrong";

/** What a look at one thing has found. */
export interface Finding {
  readonly check: string;
  readonly state: State;
  /** Lower case, no full stop. */
  readonly what: string;
  /** The next step, with the exact command where there is one. */
  readonly next?: string;
  /** What `--fix` does about it. */
  readonly fix?: () => Promise<Result<unknown, Failure>>;
}

export const fine = (check: string, what: string): Finding => ({ check, state: "ok", what });
export const note = (check: string, what: string, next?: string): Finding => ({
  ...{ check, state: "note", what },
  ...(next === undefined ? {} : { next }),
});
export const wrong = (check: string, what: string, next: string, fix?: Finding["fix"]): Finding => ({
  ...{ check, state: "wrong", what, next },
  ...(fix === undefined ? {} : { fix }),
});

export const failed = (check: string, { title, next }: Pick<Failure, "title" | "next">): Finding =>
  wrong(check, title, next);
