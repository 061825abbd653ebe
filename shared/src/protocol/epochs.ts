import type { EpochSeconds } from "../time.ts";
import type { Keyset } from "./documents.ts";
import { EPOCH_SECONDS, MAX_CLOCK_CORRECTION_SECONDS, MAX_SKEW_SECONDS } from "./version.ts";

/**
 * [KS5] Whoever has recorded a keyset could show it again when one of its keys has been destroyed, or stolen: its signed
 * time must be near the client's own.
 */
export const isTimely = (keyset: Keyset, now: EpochSeconds): boolean =>
  Math.abs(keyset.time - now) <= MAX_CLOCK_CORRECTION_SECONDS;

/** [KS2] Whether an epoch has begun. One that a clock which ran ahead has made has not, and must not stand in for one that has. */
export const hasBegun = ({ nbf }: { readonly nbf: EpochSeconds }, now: EpochSeconds): boolean =>
  nbf <= now + MAX_SKEW_SECONDS;

/** [KS2] Whether one of them is young enough to seal to. */
export const isOneFresh = (epochs: readonly { readonly nbf: EpochSeconds }[], now: EpochSeconds): boolean =>
  epochs.some((epoch) => hasBegun(epoch, now) && now < epoch.nbf + EPOCH_SECONDS);

/** [KS2] The key to seal to. Keys whose end has come are not listed by an honest broker, and open nothing at one. */
export const newestEpoch = (keyset: Keyset): Keyset["epochs"][number] | undefined =>
  keyset.epochs
    .toSorted((a, b) => b.nbf - a.nbf)
    .find((epoch) => hasBegun(epoch, keyset.time) && keyset.time < epoch.exp);
