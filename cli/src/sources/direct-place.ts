import { statfsSync, statSync } from "node:fs";
import { lstat, mkdir } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { cannotRead, cannotWrite, errnoOf } from "../config/files.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";

/** File systems that are kept in memory and end with it. @source Linux, `statfs(2)`: tmpfs, ramfs. */
const IN_MEMORY = [0x01021994, 0x858458f6];

type Place = Pick<Host, "env" | "platform" | "uid">;

/**
 * [DM5] The folder for tokens that every program of this user finds, and no disk ever sees; `undefined` where this system
 * has none. It need not be there yet.
 */
export function memoryFolder({ env, platform, uid }: Place): string | undefined {
  if (platform !== "linux" || uid === undefined) return undefined;
  const runtime = env.XDG_RUNTIME_DIR;
  const bases = [
    ...(runtime !== undefined && isAbsolute(runtime) ? [{ base: runtime, own: true, name: "jcfetch" }] : []),
    { base: `/run/user/${uid}`, own: true, name: "jcfetch" },
    // For everybody, so that the folder in it is looked at as closely as any other.
    { base: "/dev/shm", own: false, name: `jcfetch-${uid}` },
  ];
  for (const { base, own, name } of bases) {
    if (isInMemory(base, own ? uid : undefined)) return join(base, name, "sessions");
  }
  return undefined;
}

function isInMemory(base: string, owner: number | undefined): boolean {
  try {
    const found = statSync(base);
    if (!found.isDirectory() || (owner !== undefined && found.uid !== owner)) return false;
    return IN_MEMORY.includes(statfsSync(base).type >>> 0);
  } catch {
    return false; // not there, or not for us to see
  }
}

/** Make the folder and the one it stands in, for their owner alone. */
export async function prepareOwn(host: Place, folder: string): Promise<Result<null, Failure>> {
  for (const one of [dirname(folder), folder]) {
    try {
      await mkdir(one, { recursive: true, mode: 0o700 });
    } catch (error) {
      return err(cannotWrite(one, errnoOf(error)));
    }
    const looked = await isOwn(host, one);
    if (!looked.ok) return looked;
  }
  return ok(null);
}

const OTHERS = 0o077;

/**
 * [DM5] Refuse what other users could have read, or put there: no link, our own, and open for nobody else.
 *
 * @returns false when there is nothing at `path`. @errors `sessions-exposed`, `cannot-read`.
 */
export async function isOwn({ uid }: Pick<Host, "uid">, path: string): Promise<Result<boolean, Failure>> {
  try {
    const found = await lstat(path);
    const opened = uid !== undefined && (found.uid !== uid || (found.mode & OTHERS) !== 0);
    if (!opened && !found.isSymbolicLink()) return ok(true);
    const title = `${path} is not yours alone, so no sign-in is kept there and none is read from there`;
    return err(fail("sessions-exposed", title, `remove it, then sign in again: jcfetch login --fresh`));
  } catch (error) {
    const errno = errnoOf(error);
    return errno === "ENOENT" || errno === "ENOTDIR" ? ok(false) : err(cannotRead(path, errno));
  }
}
