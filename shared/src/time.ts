/** Milliseconds since the epoch. */
export type EpochMs = number;
/** Seconds since the epoch: what signed documents carry, because JSON Web Tokens do. */
export type EpochSeconds = number;

export type Clock = () => EpochMs;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const toSeconds = (ms: EpochMs): EpochSeconds => Math.floor(ms / SECOND_MS);
export const toMs = (seconds: EpochSeconds): EpochMs => seconds * SECOND_MS;
