import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mergeSeen, NOTHING_SEEN, type Seen } from "@jcfetch/shared/device-line";
import type { DeviceId } from "@jcfetch/shared/domain/ids";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import { cannotRead, errnoOf } from "./files.ts";
import { withLock } from "./lock.ts";
import { writeWhole } from "./replace-file.ts";

/**
 * What this terminal has last seen of the broker's memory: numbers and a hash, nothing secret. A file that is not there
 * means a terminal that has seen nothing; one that cannot be read must not be taken for that, or a broker that was set
 * back would go unnoticed. [JS4] What an earlier terminal has seen here, before it was paired anew, is not this one's.
 *
 * @errors `device-damaged`, `cannot-read`.
 */
export async function readSeen(folder: string, did: DeviceId): Promise<Result<Seen, Failure>> {
  const path = join(folder, "seen.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const errno = errnoOf(error);
    return errno === "ENOENT" ? ok(NOTHING_SEEN) : err(cannotRead(path, errno));
  }
  const seen = parseSeen(text);
  const next = "pair again: jcfetch pair; and remove the old terminal in the extension";
  if (!seen) return err(fail("device-damaged", `${path} is damaged`, next));
  const { did: whose, ...own } = seen;
  return ok(whose === did ? own : NOTHING_SEEN);
}

/** Several programs may come back with answers at once: reading, merging and writing is one step. */
export function saveSeen(
  folder: string,
  did: DeviceId,
  seen: Seen,
  presented: Seen,
): Promise<Result<null, Failure>> {
  const path = join(folder, "seen.json");
  return withLock(`${path}.lock`, async () => {
    const stored = await readSeen(folder, did);
    if (!stored.ok) return stored;
    const merged = mergeSeen(stored.value, seen, presented);
    // A join state that was lost would look like a copy's; a place in the audit that was lost is only an older one.
    const durable = merged.n !== stored.value.n;
    const written = await writeWhole(path, Buffer.from(JSON.stringify({ did, ...merged })), {
      mode: 0o600,
      durable,
    });
    return written.ok ? ok(null) : written;
  });
}

function parseSeen(text: string): (Seen & { readonly did: string }) | undefined {
  try {
    const { did, n, seq, ah, rl } = (JSON.parse(text) ?? {}) as Partial<Record<keyof Seen | "did", unknown>>;
    if (typeof did !== "string") return undefined;
    const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
    const isHash = (value: unknown): value is string =>
      typeof value === "string" && /^[\w-]{43}$/.test(value);
    if (!isWhole(n) || !isWhole(seq) || !isWhole(rl) || !(ah === null || isHash(ah))) return undefined;
    return { did, n, seq, ah, rl };
  } catch {
    return undefined;
  }
}
