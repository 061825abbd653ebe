import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, toSeconds } from "@jcfetch/shared/time";
import type { Failure } from "../exit.ts";
import { cannotWrite, errnoOf } from "./files.ts";
import { withLock } from "./lock.ts";

/**
 * The next number for a proof: never given before on this device, and close behind the others in flight.
 *
 * The broker keeps a window of 64 behind the highest number it has seen, so numbers must be dense: a clock in microseconds
 * would push every other request out of the window. Hence a file, and a lock around reading and replacing it; a hundred
 * programs at once get a hundred neighbors. Should one of them be so slow that 64 others overtake it, the broker answers
 * `replay`, and the call is made again with a fresh number.
 *
 * The number is also never below the seconds of the clock. A file that was lost or came back from a backup would otherwise
 * start far behind what the broker has seen, and this terminal would be locked out. In normal use the counter gains less
 * than one a second, so that floor lifts it by the time since the last use and never reaches into the requests in flight.
 */
export function nextCounter(folder: string, now: Clock): Promise<Result<number, Failure>> {
  const path = join(folder, "counter");
  return withLock(`${path}.lock`, async () => {
    // Synchronous, so that the lock is held no longer than the calls take.
    try {
      const next = Math.max(readLast(path) + 1, toSeconds(now()));
      writeFileSync(`${path}.next`, String(next), { mode: 0o600 });
      renameSync(`${path}.next`, path);
      return ok(next);
    } catch (error) {
      rmSync(`${path}.next`, { force: true });
      return err(cannotWrite(path, errnoOf(error)));
    }
  });
}

function readLast(path: string): number {
  try {
    const last = Number(readFileSync(path, "utf8"));
    return Number.isSafeInteger(last) && last >= 0 ? last : 0;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return 0;
    throw error;
  }
}
