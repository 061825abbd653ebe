import { readdir, readFile, readlink } from "node:fs/promises";
import { expect } from "vitest";

/** Resolves when the process is there no more, or only its row is, for a parent that has not asked. */
export function gone(pid: number): Promise<void> {
  const state = async (): Promise<string> => {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    return /^State:\s+(\w)/m.exec(status)?.[1] ?? "";
  };
  return expect.poll(state, { timeout: 30_000 }).toMatch(/^Z?$/);
}

/** A process and all that descend from it, by the kernel's own list. */
export async function treeOf(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    if (stat !== "") parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const tree = [root];
  for (const pid of tree) {
    tree.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  }
  return tree;
}

/** Listening sockets of a process as the kernel has them: address in hex and port. */
export async function listenersOf(pid: number): Promise<{ address: string; port: number }[]> {
  const inodes = new Set<string>();
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode) inodes.add(inode);
  }
  const tables = await Promise.all(
    ["tcp", "tcp6", "udp", "udp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8")),
  );
  const LISTEN = "0A";
  const UDP_BOUND = "07";
  return tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => [LISTEN, UDP_BOUND].includes(state!) && inodes.has(inode!))
    .map(([, local]) => {
      const [address, port] = local!.split(":") as [string, string];
      return { address, port: Number.parseInt(port, 16) };
    });
}

/** Paths of Unix sockets that a process listens on. */
export async function unixListenersOf(pid: number): Promise<string[]> {
  const own = new Set<string>();
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode) own.add(inode);
  }
  const ACCEPTS = 0x10000;
  const table = await readFile(`/proc/${pid}/net/unix`, "utf8");
  return table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , flags, , , inode]) => own.has(inode!) && (Number.parseInt(flags!, 16) & ACCEPTS) !== 0)
    .map((columns) => columns[7] ?? "unnamed");
}
