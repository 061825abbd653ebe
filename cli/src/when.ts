import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";

/** `58 min`, `7 h 12 m`, `2 h`, `41 s`; rounded down, so that nothing lasts less long than was said. */
export function duration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) {
    const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
    return `${Math.floor(ms / HOUR_MS)} h${minutes === 0 ? "" : ` ${minutes} m`}`;
  }
  const days = Math.floor(ms / DAY_MS);
  return days === 1 ? "1 day" : `${days} days`;
}

/**
 * `2 h left`, also a moment after the two hours have begun: from ten minutes on to the nearest minute, as people say it. Below,
 * where a minute counts, rounded down.
 */
export const left = (ms: number): string =>
  `${duration(ms < 10 * MINUTE_MS || ms >= DAY_MS ? ms : ms + MINUTE_MS / 2)} left`;

/** `4:52`, for a countdown. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

/** Relative under a day, a date after: `in 7 h 12 m`, `22 December`. */
export function until(atMs: EpochMs, nowMs: EpochMs): string {
  if (atMs - nowMs < DAY_MS) return `in ${duration(atMs - nowMs)}`;
  const date = new Date(atMs);
  const year = date.getFullYear() === new Date(nowMs).getFullYear() ? "" : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${MONTHS[date.getMonth()]}${year}`;
}

/** `41 MiB`. @param bytes of memory. */
export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;

export const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;
