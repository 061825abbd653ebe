import { spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { JCFETCH } from "./terminal.ts";

/* A system without a file system in memory, as macOS is one: such ones are covered by a folder on the disk. Needs an administrator. */

const COVERED =
  'mkdir -p "$HOME/.covered" && for at in /dev/shm "/run/user/$(id -u)"; do [ ! -d "$at" ] || mount --bind "$HOME/.covered" "$at" || exit; done && exec "$@"';

const SEEN_SO = ["unshare", "--mount", "sh", "-c", COVERED, "sh"] as const;

/** How jcfetch is started there. */
export const WITHOUT_MEMORY: readonly string[] = [...SEEN_SO, JCFETCH.executable];

/** @source Linux, `statfs(2)`. */
const TMPFS = 0x01021994;

/** Why there can be no such system here, or `undefined`. */
export function whyMemory(): string | undefined {
  if (statfsSync(tmpdir()).type === TMPFS) return "needs a folder for temporary files that is on a disk";
  const [program, ...args] = [...SEEN_SO, "true"];
  const tried = spawnSync(program!, args, { env: { ...process.env, HOME: tmpdir() } });
  return tried.status === 0 ? undefined : "needs the right to make a mount namespace";
}
