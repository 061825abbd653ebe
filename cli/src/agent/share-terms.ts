import { HOUR_MS } from "@jcfetch/shared/time";

/** A share ends with the day at the latest: what is forgotten is not open for long. */
export const MOST_SHARE_MS = 24 * HOUR_MS;
export const SHARE_MS = 8 * HOUR_MS;

/** Of the folders that shares have beside the agent's socket. */
export const SHARE_PREFIX = "share-";
