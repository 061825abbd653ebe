import { readFileSync } from "node:fs";
import type { Socket } from "node:net";

/** Linux's lists of connections: an IPv6 socket reaches an IPv4 address, too. */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
const ROOT = 0;

/**
 * Whether another user's program is at the other end of a connection over loopback. What stands in a browser's arguments every
 * user of this computer can read, so that another one could come in its place. Only Linux tells; elsewhere, and where the other
 * end is none of this computer's, nobody is taken for a stranger.
 */
export function isStranger(
  { remotePort: theirs, localPort: ours }: Pick<Socket, "remotePort" | "localPort">,
  uid: number | undefined,
): boolean {
  if (uid === undefined || theirs === undefined || ours === undefined) return false;
  const owners = TABLES.flatMap((path) => ownersIn(tableAt(path), theirs, ours));
  // Root can read this program's memory, and forwards what a WSL is sent by Windows.
  return owners.some((owner) => owner !== uid && owner !== ROOT);
}

/**
 * Who holds the ends of connections from one port to another. An end that nobody holds any more, which is listed as root's,
 * has no inode, and can hear no answer.
 *
 * @source Linux, `Documentation/networking/proc_net_tcp.rst`: number, addresses, state, queues, timer, retransmissions, uid,
 *   timeout, inode.
 */
export function ownersIn(table: string, from: number, to: number): readonly number[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", remote = "", , , , , uid = "", , inode] = line.trim().split(/\s+/);
    const isIt = portOf(local) === from && portOf(remote) === to && inode !== "0";
    return isIt ? [Number(uid)] : [];
  });
}

/** `0100007F:9C40` */
const portOf = (address: string): number => Number.parseInt(address.split(":")[1] ?? "", 16);

function tableAt(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // another system, or one that does not show it
  }
}
