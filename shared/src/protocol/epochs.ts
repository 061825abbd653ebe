import type { Keyset } from "./documents.ts";

/** [KS2] The key to seal to. Keys whose end has come are not listed by an honest broker, and open nothing at one. */
export const newestEpoch = (keyset: Keyset): Keyset["epochs"][number] | undefined =>
  keyset.epochs.toSorted((a, b) => b.nbf - a.nbf).find(({ exp }) => keyset.time < exp);
