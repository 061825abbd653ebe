import { dirname, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { brokenConfig } from "./aws-config.ts";
import { type Backup, contentOf, listBackups, removeBackups } from "./backup.ts";
import { join as joined, type Parts, split } from "./block.ts";
import { decode } from "./decode.ts";
import { removeEmpty } from "./folder.ts";
import { type Broken, parseIni } from "./ini.ts";
import { awsConfigPath } from "./paths.ts";
import { editFile, GONE, readIfThere } from "./replace-file.ts";

/** A change that can be taken back: lines of our block as they are now and as they were before it. */
export interface Undoable {
  /** Copies that it uses up: its own, and newer ones of changes that never came about. */
  readonly backups: readonly Backup[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The file as it was; `undefined` where there was none. */
  readonly old: Buffer | undefined;
}

/** @returns `undefined` when there is nothing to take back. */
export async function lastChange(host: Host): Promise<Result<Undoable | undefined, Failure>> {
  const path = awsConfigPath(host);
  const backups = await listBackups(path);
  if (!backups.ok) return backups;
  const now = await readIfThere(path);
  if (!now.ok) return now;
  const used: Backup[] = [];
  for (const backup of backups.value.toReversed()) {
    used.push(backup);
    const copy = await readIfThere(backup.path);
    if (!copy.ok) return copy;
    if (copy.value === undefined) continue;
    const old = contentOf(copy.value);
    const change = between(now.value, old);
    if (!change.ok) return err(brokenConfig(path, change.error));
    const { from, to } = change.value;
    if (from.join("\n") !== to.join("\n")) return ok({ from, to, old, backups: used });
  }
  return ok(undefined);
}

/**
 * [PR4] Give our block back as it was; what stands around it stays as it is now. If nobody else has changed the file since,
 * that is the old file, byte for byte, or none where there was none.
 *
 * @errors `busy` when the block is not what was shown any more; `foreign-profile`.
 */
export async function undo(host: Host, { backups, from, old }: Undoable): Promise<Result<null, Failure>> {
  const path = awsConfigPath(host);
  const done = await editFile(path, (bytes) => {
    const change = between(bytes, old);
    if (!change.ok) return err(brokenConfig(path, change.error));
    const { restored } = change.value;
    if (change.value.from.join("\n") !== from.join("\n")) return err(changedMeanwhile(path));
    if (restored === GONE) return ok(restored);
    const whole = decode(restored);
    const parsed = whole.ok ? parseIni(whole.value) : whole;
    return parsed.ok ? ok(restored) : err(takenSince(path, parsed.error));
  });
  const cleared = done.ok ? await removeBackups(backups) : done;
  if (cleared.ok && old === undefined && path === join(host.home, ".aws", "config")) {
    await removeEmpty(dirname(path));
  }
  return cleared;
}

function between(now: Buffer | undefined, old: Buffer | undefined) {
  const current = partsOf(now ?? Buffer.alloc(0));
  if (!current.ok) return current;
  const then = partsOf(old ?? Buffer.alloc(0));
  if (!then.ok) return then;
  const [from, to] = [linesIn(current.value), linesIn(then.value)];
  const untouched = joined(current.value, []) === joined(then.value, []);
  const restored: Buffer | typeof GONE = untouched ? (old ?? GONE) : Buffer.from(joined(current.value, to));
  return ok({ from, to, restored });
}

function partsOf(bytes: Buffer): Result<Parts, Broken> {
  const text = decode(bytes);
  return text.ok ? split(text.value) : text;
}

const linesIn = ({ inside }: Parts): string[] => (inside ?? "").split(/\r?\n/).slice(0, -1);

export const changedMeanwhile = (path: string): Failure =>
  fail("busy", `${path} was changed meanwhile`, "run the command again, which shows what is there now");

const takenSince = (path: string, { why }: Broken): Failure =>
  fail(
    "foreign-profile",
    `the old profiles do not fit into ${path} any more: ${why}`,
    "mend the file by hand; the copies beside it are whole; nothing was changed",
  );
