import { HOUR_MS, MINUTE_MS } from "@jcfetch/shared/time";
import { t } from "./words.ts";

const parts = (ms: number): [hours: number, minutes: number] => [
  Math.floor(ms / HOUR_MS),
  Math.floor((ms % HOUR_MS) / MINUTE_MS),
];

/** What is left of the life of credentials, which is half a day at the most: `59 m`, `7 h 12 m`. Rounded down. */
export function shortLeft(ms: number): string {
  if (ms < MINUTE_MS) return t("time.underMinute");
  const [hours, minutes] = parts(ms);
  if (hours === 0) return t("time.minutes", minutes);
  return minutes === 0 ? t("time.hours", hours) : t("time.hoursMinutes", hours, minutes);
}

/** The same in words. */
export function spokenLeft(ms: number): string {
  if (ms < MINUTE_MS) return t("time.lessThanMinute");
  const spell = (count: number, unit: string): string =>
    count === 0
      ? ""
      : new Intl.NumberFormat(t("language.tag"), { style: "unit", unit, unitDisplay: "long" }).format(count);
  const [hours, minutes] = parts(ms);
  return `${spell(hours, "hour")} ${spell(minutes, "minute")}`.trim();
}
