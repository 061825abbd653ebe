import type { EpochSeconds } from "../time.ts";
import type { Keyset } from "./documents.ts";
import { MAX_CLOCK_CORRECTION_SECONDS, MAX_SKEW_SECONDS } from "./version.ts";

/**
 * [KS5] Whoever has recorded a keyset could show it again when one of its keys has been destroyed, or stolen: its signed
 * time must be near the client's own.
 */
export const isTimely = (keyset: Keyset, now: EpochSeconds): boolean =>
  Math.abs(keyset.time - now) <= MAX_CLOCK_CORRECTION_SECONDS;

/** [KS2] The key to seal to. Keys whose end has come are not listed by an honest broker, and open nothing at one. */
export const newestEpoch = (keyset: Keyset): Keyset["epochs"][number] | undefined =>
  keyset.epochs
    .toSorted((a, b) => b.nbf - a.nbf)
    .find(({ nbf, exp }) => nbf <= keyset.time + MAX_SKEW_SECONDS && keyset.time < exp);
