import { type EpochSeconds, toMs } from "@jcfetch/shared/time";
import type { VaultStore } from "./store.ts";

/*
 * Ends are enforced when a row is read; the alarm only cleans up. It may fire late or twice, and does the same each time.
 */

export function cleanUp(store: VaultStore, now: EpochSeconds): void {
  store.endEnvelopesBefore(now);
  store.dropDevicesBefore(now);
  store.pruneAudit(now);
}

/** Wake up when the next thing ends, and not at all when nothing will. */
export async function scheduleCleanUp(storage: DurableObjectStorage, store: VaultStore): Promise<void> {
  const end = store.nextEnd();
  if (end === undefined) return storage.deleteAlarm();
  if ((await storage.getAlarm()) !== toMs(end)) await storage.setAlarm(toMs(end));
}
