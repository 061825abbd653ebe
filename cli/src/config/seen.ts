import { join } from "node:path";
import { mergeSeen, NOTHING_SEEN, type Seen } from "@jcfetch/shared/device-line";
import type { DeviceId } from "@jcfetch/shared/domain/ids";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import { membersIn } from "../json.ts";
import { cannotWrite } from "./files.ts";
import { withLock } from "./lock.ts";
import { isStill, readIfThere, TRIES, writeWhole } from "./replace-file.ts";

/**
 * What this terminal has last seen of the broker's memory: numbers and a hash, nothing secret. A file that is not there
 * means a terminal that has seen nothing; one that cannot be read must not be taken for that, or a broker that was set
 * back would go unnoticed. [JS4] What an earlier terminal has seen here, before it was paired anew, is not this one's.
 *
 * @errors `device-damaged`, `cannot-read`.
 */
export async function readSeen(folder: string, did: DeviceId): Promise<Result<Seen, Failure>> {
  const path = join(folder, "seen.json");
  const bytes = await readIfThere(path);
  return bytes.ok ? seenIn(bytes.value, path, did) : bytes;
}

function seenIn(bytes: Buffer | undefined, path: string, did: DeviceId): Result<Seen, Failure> {
  if (bytes === undefined) return ok(NOTHING_SEEN);
  const seen = parseSeen(bytes.toString());
  const next = "pair again: jcfetch pair; and remove the old terminal in the extension";
  if (!seen) return err(fail("device-damaged", `${path} is damaged`, next));
  const { did: whose, ...own } = seen;
  return ok(whose === did ? own : NOTHING_SEEN);
}

/**
 * Several programs may come back with answers at once: reading, merging and writing is one step. One whose lock was taken
 * over meanwhile merges once more, into what was written: what it has read is old, and would lead the join state back.
 *
 * @errors those of reading, `busy`, `cannot-write`.
 */
export function saveSeen(
  folder: string,
  did: DeviceId,
  seen: Seen,
  presented: Seen,
): Promise<Result<null, Failure>> {
  const path = join(folder, "seen.json");
  return withLock(`${path}.lock`, async () => {
    for (let i = 0; i < TRIES; i++) {
      const before = await readIfThere(path);
      if (!before.ok) return before;
      const stored = seenIn(before.value, path, did);
      if (!stored.ok) return stored;
      const merged = mergeSeen(stored.value, seen, presented);
      const written = await writeWhole(path, Buffer.from(JSON.stringify({ did, ...merged })), {
        mode: 0o600,
        // A join state that was lost would look like a copy's; a place in the audit that was lost is only an older one.
        durable: merged.n !== stored.value.n,
        mayReplace: () => isStill(path, before.value),
      });
      if (!written.ok || written.value) return written.ok ? ok(null) : written;
    }
    return err(cannotWrite(path, "another program keeps changing it"));
  });
}

function parseSeen(text: string): (Seen & { readonly did: string }) | undefined {
  const { did, n, seq, ah, rl } = membersIn(text);
  if (typeof did !== "string") return undefined;
  const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  const isHash = (value: unknown): value is string => typeof value === "string" && /^[\w-]{43}$/.test(value);
  if (!isWhole(n) || !isWhole(seq) || !isWhole(rl) || !(ah === null || isHash(ah))) return undefined;
  return { did, n, seq, ah, rl };
}
