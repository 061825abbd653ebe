import { err, ok, type Result } from "../result.ts";
import type { Unfit, Variable } from "./values.ts";

/** What no shell, parser or console takes as anything but itself, quoted or not. All that AWS issues is of these. */
export const isPlain = (value: string): boolean => /^[\w+/=.:@,-]+$/.test(value);

/**
 * Text that survives being pasted into a terminal: no control characters (a terminal acts on them, even in quotes) and no
 * halves of surrogate pairs (which no encoding can write).
 */
export const isPasteable = (value: string): boolean => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value);

/** One line a variable, or the first variable that has no line. */
export function lines(
  variables: readonly Variable[],
  line: (name: string, value: string) => string | undefined,
): Result<string, Unfit> {
  const written: string[] = [];
  for (const [name, value] of variables) {
    const text = line(name, value);
    if (text === undefined) return err({ code: "cannot-carry", field: name });
    written.push(`${text}\n`);
  }
  return ok(written.join(""));
}
