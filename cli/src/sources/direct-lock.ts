import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import type { Result } from "@jcfetch/shared/result";
import { MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import { errnoOf } from "../config/files.ts";
import { letGo, willGo } from "../config/leftovers.ts";
import { takeLock } from "../config/lock.ts";
import type { Failure } from "../exit.ts";
import { isAlive } from "../process-signals.ts";

/** Longer than a refresh may take: whoever waits for somebody else's gets its outcome. */
const WAIT_MS = 18 * SECOND_MS;
/** Whoever holds the lock touches it so often. */
const BEAT_MS = SECOND_MS;
/** Of a holder whose number says nothing here. */
const STALE_AFTER_MS = 10 * SECOND_MS;
/** Of one that is there: a hundred programs on a small computer leave each other no time for a beat, and none may be robbed. */
const STOPPED_AFTER_MS = MINUTE_MS;

/**
 * [DM6] Run `work`, which may take as long as AWS does, while holding the lock file at `path`. The file names its holder: one that was
 * killed is noticed at once where its process number means something here, and else by a file that nobody touches any more.
 *
 * @errors `busy`, `cannot-write`.
 */
export async function withLiveLock<T>(
  path: string,
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const taken = await takeLock(path, {
    create,
    clear(stale) {
      clearStale(stale);
      return false; // also where it is gone: of those who wait, whoever looks first has it
    },
    waitMs: WAIT_MS,
    pauseMs: [10, 50],
    busy: "another jcfetch is refreshing the sign-in",
  });
  if (!taken.ok) return taken;
  const beat = setInterval(() => touch(path), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // One that was taken over, while this program was stopped, is another's.
    if (["", OWN_MARK].includes(textOf(path))) letGo(path);
  }
}

/** In containers the same number is another process. */
const NAMESPACE = (() => {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return process.platform;
  }
})();

const OWN_MARK = `${process.pid} ${NAMESPACE}`;

function create(path: string): string | undefined {
  try {
    const file = openSync(path, "wx", 0o600);
    willGo(path);
    try {
      writeSync(file, OWN_MARK);
    } catch {
      // On a full disk the file alone is the lock, as long as it is young.
    } finally {
      closeSync(file);
    }
    return undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

function touch(path: string): void {
  try {
    if (textOf(path) === OWN_MARK) utimesSync(path, new Date(), new Date());
  } catch {
    // It was taken away; so be it.
  }
}

/** Only one program at a time clears away, and looks again before it does: else it might take the next holder's lock. */
function clearStale(path: string): void {
  if (!isStale(path)) return;
  const clearing = `${path}.clearing`;
  if (create(clearing) !== undefined) {
    if (isStale(clearing)) rmSync(clearing, { force: true });
    return;
  }
  try {
    if (isStale(path)) rmSync(path, { force: true });
  } finally {
    letGo(clearing);
  }
}

function isStale(path: string): boolean {
  try {
    const { mtimeMs } = statSync(path);
    const [pid, where] = textOf(path).split(" ");
    const known = where === NAMESPACE;
    if (known && !isAlive(Number(pid))) return true;
    // One from the future was made before the clock was set back.
    return Math.abs(Date.now() - mtimeMs) >= (known ? STOPPED_AFTER_MS : STALE_AFTER_MS);
  } catch {
    return false; // it is gone
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
