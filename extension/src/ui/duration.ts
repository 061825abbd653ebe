import { DAY_MS, HOUR_MS, MINUTE_MS } from "@jcfetch/shared/time";

/**
 * What is left of a time, as chips and rings say it: `59 m`, `7 h 12 m`, `29 d`; rounded down, so that nobody is promised
 * a minute that is not there.
 */
export function shortDuration(ms: number): string {
  if (ms <= 0) return "0 m";
  if (ms < MINUTE_MS) return "< 1 m";
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} m`;
  if (ms < DAY_MS) {
    const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
    return minutes === 0 ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / HOUR_MS)} h ${minutes} m`;
  }
  return `${Math.floor(ms / DAY_MS)} d`;
}

const spoken = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? "" : "s"}`;

/** The same in words, for screen readers: `59 minutes`, `7 hours 12 minutes`. */
export function longDuration(ms: number): string {
  if (ms < MINUTE_MS) return "less than a minute";
  if (ms < HOUR_MS) return spoken(Math.floor(ms / MINUTE_MS), "minute");
  if (ms >= DAY_MS) return spoken(Math.floor(ms / DAY_MS), "day");
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const hours = spoken(Math.floor(ms / HOUR_MS), "hour");
  return minutes === 0 ? hours : `${hours} ${spoken(minutes, "minute")}`;
}

/** `just now`, `12 m ago`, `3 d ago`. */
export function ago(ms: number): string {
  return ms < MINUTE_MS ? "just now" : `${shortDuration(ms)} ago`;
}
