import { lstatSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { ownFolder } from "../config/paths.ts";
import type { Host } from "../host.ts";

type Around = Pick<Host, "env" | "home" | "platform" | "uid">;

/** Where the agent of this user is met, and what lies beside its socket. */
export interface AgentPlace {
  /**
   * `own`: started when it is needed. `given`: JCFETCH_AGENT names a socket, as one that `ssh -R` has forwarded, and none
   * is started. `off`: every command does the work itself.
   */
  readonly mode: "own" | "given" | "off";
  /** For its owner alone; perhaps not made yet. */
  readonly folder: string;
  readonly socket: string;
}

/** Linux takes 107 bytes for a socket's path, macOS 103; a name that is a little longer is used for a moment. */
const MOST_BYTES = 95;

/** [AG2] @source XDG Base Directory Specification (XDG_RUNTIME_DIR); systemd's /run/user. */
export function agentPlace(around: Around): AgentPlace {
  const { env, platform } = around;
  const said = env.JCFETCH_AGENT;
  const { folder, name } = whereTo(around);
  const own = platform === "win32" ? pipeOf(around) : join(folder, name);
  if (said === "off") return { mode: "off", folder, socket: own };
  if (said) return { mode: "given", folder, socket: said };
  return { mode: "own", folder, socket: own };
}

function whereTo({ env, home, uid }: Around): { folder: string; name: string } {
  const system = [env.XDG_RUNTIME_DIR, `/run/user/${uid}`];
  const base = system.find((path) => path !== undefined && isAbsolute(path) && isOwned(path, uid));
  const folder = base === undefined ? join(ownFolder({ env, home }), "run") : join(base, "jcfetch");
  if (Buffer.byteLength(join(folder, "agent.sock")) <= MOST_BYTES) return { folder, name: "agent.sock" };
  const { TMPDIR } = env;
  const temporary = TMPDIR && isAbsolute(TMPDIR) && TMPDIR.length < MOST_BYTES / 2 ? TMPDIR : "/tmp";
  return { folder: join(temporary, `jcfetch-${uid}`), name: `agent-${shortHash(folder)}.sock` };
}

export const isPipe = (path: string): boolean => path.startsWith("\\\\");

/** @source Win32 "Pipe Names": no folder, and a name of at most 256 characters. */
const pipeOf = ({ home }: Around): string => `\\\\.\\pipe\\jcfetch-${shortHash(home.toLowerCase())}`;

function isOwned(path: string, uid: number | undefined): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === uid;
}

/** Both outlive an agent that is killed: what was locked stays so. */
export const lockedMark = ({ folder }: AgentPlace): string => join(folder, "agent.locked");
export const idleSetting = ({ folder }: AgentPlace): string => join(folder, "agent.idle");
/** [AG21] Beside a pipe alone. */
export const pipeKeyFile = ({ folder }: AgentPlace): string => join(folder, "agent.key");
/** Which shares are open: names of roles, and no secret. */
export const sharesFile = ({ folder }: AgentPlace): string => join(folder, "agent.shares");

const OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const ROOT = 0;

/**
 * [AG2] Whether what lies there is ours: the folder for its owner alone, and the socket his. A socket that was given is
 * asked for its owner only: who forwards one chooses its folder.
 */
export function isOurs({ mode, folder, socket }: AgentPlace, { uid, platform }: Around): boolean {
  if (platform === "win32") return true;
  try {
    const found = lstatSync(socket);
    if (!found.isSocket()) return false;
    if (mode === "own") return found.uid === uid && isPrivateFolder(folder, uid);
    return found.uid === uid || (uid === ROOT && isOutOfReach(dirname(socket), found.uid));
  } catch {
    return false;
  }
}

/** Root of a container meets the socket of the user who runs it; nobody but those two may have put it there. */
function isOutOfReach(folder: string, owner: number): boolean {
  const { uid, mode } = statSync(folder);
  return (uid === ROOT || uid === owner) && (mode & WRITABLE_BY_OTHERS) === 0;
}

/** A folder, no link to one, that nobody else may search. */
export function isPrivateFolder(folder: string, uid: number | undefined): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === uid && (found.mode & OTHERS) === 0;
}

/** Two rounds of FNV-1a: names that differ, without loading cryptography. Nothing relies on it being hard to find. */
export function shortHash(text: string): string {
  const round = (seed: number): string => {
    let hash = seed;
    for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    return hash.toString(16).padStart(8, "0");
  };
  return round(0x811c9dc5) + round(0x01234567);
}
