import { DAY_MS, HOUR_MS, MINUTE_MS } from "@jcfetch/shared/time";
import { formatTag } from "../language.ts";
import { t } from "../words.ts";

/**
 * What is left of a time, as chips and rings say it: `59 m`, `7 h 12 m`, `29 d`; rounded down, so that nobody is promised
 * a minute that is not there.
 */
export function shortDuration(ms: number): string {
  if (ms <= 0) return t("time.minutes", [0]);
  if (ms < MINUTE_MS) return t("time.underMinute");
  if (ms < HOUR_MS) return t("time.minutes", [Math.floor(ms / MINUTE_MS)]);
  if (ms >= DAY_MS) return t("time.days", [Math.floor(ms / DAY_MS)]);
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  return minutes === 0 ? t("time.hours", [hours]) : t("time.hoursMinutes", [hours, minutes]);
}

type Unit = "minute" | "hour" | "day";

/** `1 hour`, `30 days`: every language has its own forms of number, and the browser knows them. */
export const spelled = (count: number, unit: Unit): string =>
  new Intl.NumberFormat(formatTag(), { style: "unit", unit, unitDisplay: "long" }).format(count);

/** The same as `shortDuration` in words, for screen readers: `59 minutes`, `7 hours 12 minutes`. */
export function longDuration(ms: number): string {
  if (ms < MINUTE_MS) return t("time.lessThanMinute");
  if (ms < HOUR_MS) return spelled(Math.floor(ms / MINUTE_MS), "minute");
  if (ms >= DAY_MS) return spelled(Math.floor(ms / DAY_MS), "day");
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const hours = spelled(Math.floor(ms / HOUR_MS), "hour");
  return minutes === 0 ? hours : `${hours} ${spelled(minutes, "minute")}`;
}

/** `just now`, `12 m ago`, `3 d ago`. */
export const ago = (ms: number): string =>
  ms < MINUTE_MS ? t("time.justNow") : t("time.ago", [shortDuration(ms)]);

/** Within a sentence a number stays on the line of its unit. */
export const inOnePiece = (duration: string): string => duration.replaceAll(" ", "\u00a0");
