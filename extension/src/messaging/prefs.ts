import { type Slot, type Storage, slot } from "../sessions/slot.ts";
import type { Policy } from "./policy.ts";
import { type CopyFormat, Prefs } from "./view.ts";

/**
 * What the user has chosen. Until then the format is the one of the system's own shell; where the company allows only others,
 * the first of those.
 */
export function prefsSlot(storage: Storage, platform: string, policy: Policy): Slot<Prefs> {
  const format: CopyFormat = platform.startsWith("Win") ? "powershell" : "sh";
  const chosen = slot(storage.local, "prefs", Prefs, { format, theme: "system" });
  return {
    ...chosen,
    async get() {
      const prefs = await chosen.get();
      const { formats } = await policy.get();
      const [first] = formats?.includes(prefs.format) ? [] : (formats ?? []);
      return first === undefined ? prefs : { ...prefs, format: first };
    },
  };
}
