import { type Slot, type Storage, slot } from "../sessions/slot.ts";
import { type CopyFormat, Prefs } from "./view.ts";

/** What the user has chosen. Until then the format is the one of the system's own shell. */
export function prefsSlot(storage: Storage, platform: string): Slot<Prefs> {
  const format: CopyFormat = platform.startsWith("Win") ? "powershell" : "sh";
  return slot(storage.local, "prefs", Prefs, { format, theme: "system" });
}
