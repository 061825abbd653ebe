import { vi } from "vitest";

const PATIENCE_MS = 30_000;

/** Look again until nothing is thrown, also on a slow and busy machine: vitest's own measure is a second. */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: PATIENCE_MS });
