import * as v from "valibot";
import { MARK_COLORS, MARK_SHAPES, PortalMark } from "../messaging/portal-mark.ts";
import { type Slot, type Storage, slot } from "./slot.ts";

/** FNV-1a: the same address has the same mark in every browser. */
function hash(text: string): number {
  let sum = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01_00_01_93) >>> 0;
  return sum;
}

/** [SC5] The mark of a portal for which the user has chosen none. */
export function markOf(origin: string): PortalMark {
  const sum = hash(origin);
  return {
    color: MARK_COLORS[sum % MARK_COLORS.length]!,
    shape: MARK_SHAPES[(sum >>> 16) % MARK_SHAPES.length]!,
  };
}

/** Marks that the user has chosen, on disk. */
export class PortalMarks {
  readonly #slot: Slot<Record<string, PortalMark>>;

  constructor(storage: Storage) {
    this.#slot = slot(storage.local, "portal-marks", v.record(v.string(), PortalMark), {});
  }

  async of(origin: string): Promise<PortalMark> {
    return (await this.#slot.get())[origin] ?? markOf(origin);
  }

  async choose(origin: string, mark: PortalMark): Promise<void> {
    await this.#slot.update((all) => ({ ...all, [origin]: mark }));
  }

  async forget(origin: string): Promise<void> {
    await this.#slot.update(({ [origin]: _gone, ...others }) => others);
  }
}
