import { type EpochSeconds, toMs } from "@jcfetch/shared/time";
import type { Journal } from "../audit.ts";
import type { VaultStore } from "./store.ts";

/*
 * Ends are enforced when a row is read; the alarm only cleans up. It may fire late or twice, and does the same each time.
 */

export function cleanUp(store: VaultStore, journal: Journal, now: EpochSeconds): void {
  store.endEnvelopesBefore(now);
  store.dropDevicesBefore(now);
  journal.prune(now);
}

/** Wake up when the next thing ends, and not at all when nothing will. */
export async function scheduleCleanUp(
  storage: DurableObjectStorage,
  store: VaultStore,
  journal: Journal,
): Promise<void> {
  const end = Math.min(store.nextEnd() ?? Infinity, journal.oldestEnd() ?? Infinity);
  if (end === Infinity) return storage.deleteAlarm();
  if ((await storage.getAlarm()) !== toMs(end)) await storage.setAlarm(toMs(end));
}
