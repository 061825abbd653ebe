import { err, ok, type Result } from "@jcfetch/shared/result";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import { type Failure, fail } from "./exit.ts";

const UNIT_MS: Record<string, number> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS };

/** Credentials of AWS live twelve hours at most. */
const MOST_MS = 12 * HOUR_MS;

/** `45m`, `30s`, `1h` → milliseconds. */
export function durationMs(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(number) * UNIT_MS[unit]!;
}

/** @returns `{}` when no least life was named. */
export function minTtlOf(values: {
  readonly "min-ttl"?: string;
}): Result<{ readonly minTtlMs?: number }, Failure> {
  const { "min-ttl": text } = values;
  if (text === undefined) return ok({});
  const minTtlMs = durationMs(text);
  if (minTtlMs !== undefined && minTtlMs <= MOST_MS) return ok({ minTtlMs });
  return err(fail("usage", "--min-ttl takes a time such as 30s, 45m or 1h, up to 12h", "jcfetch help env"));
}
