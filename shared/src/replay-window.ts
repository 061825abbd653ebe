/** Which counters of one signer are spent: the highest, and a bit for each of the 64 from it downwards. */
export interface ReplayWindow {
  readonly highest: number;
  /** Bit `i` stands for `highest - i`. */
  readonly mask: bigint;
}

const WIDTH = 64;
const FULL = (1n << 64n) - 1n;

export const NOTHING_SPENT: ReplayWindow = { highest: 0, mask: 0n };

/** [PF5] @returns the window with `counter` spent, or `undefined` when it was spent before or is too old to tell. */
export function spend(window: ReplayWindow, counter: number): ReplayWindow | undefined {
  const ahead = counter - window.highest;
  if (ahead > 0) {
    const mask = ahead >= WIDTH ? 1n : ((window.mask << BigInt(ahead)) | 1n) & FULL;
    return { highest: counter, mask };
  }
  if (-ahead >= WIDTH) return undefined;
  const bit = 1n << BigInt(-ahead);
  return (window.mask & bit) === 0n ? { highest: window.highest, mask: window.mask | bit } : undefined;
}
