import { MINUTE_MS } from "@jcfetch/shared/time";

export interface Standing {
  /** The socket at its place is this agent's. */
  readonly isStill: boolean;
  readonly hasKeys: boolean;
  /** Somebody elsewhere may ask at any time. */
  readonly isShared: boolean;
  readonly holdsNothing: boolean;
  /** Since anybody asked. */
  readonly idleMs: number;
}

const USELESS_MS = 30 * MINUTE_MS;

/** [AG16] */
export function isOver({ isStill, hasKeys, isShared, holdsNothing, idleMs }: Standing): boolean {
  if (!isStill) return true;
  return holdsNothing && (!hasKeys || (!isShared && idleMs > USELESS_MS));
}

/** [AG13] @param afterMs `undefined` where it was not told to lock by itself. */
export const locksNow = (idleMs: number, afterMs: number | undefined): boolean =>
  afterMs !== undefined && idleMs > afterMs;
