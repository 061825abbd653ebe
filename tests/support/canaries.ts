import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/*
 * Looking for secrets in everything that is left behind, in every way in which a careless program would have written them.
 */

/** A secret as it might lie there: raw, JSON-escaped, base64, base64url, hex, UTF-16 in both orders, and backwards. */
export function disguises(secret: string): Buffer[] {
  const bytes = Buffer.from(secret);
  const wide = Buffer.from(secret, "utf16le");
  return [
    bytes,
    Buffer.from(JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/")),
    // The middle of an encoding is the same wherever the text begins, but for the first and last few characters.
    ...[0, 1, 2].map((shift) => Buffer.from(bytes.subarray(shift).toString("base64").slice(4, -6))),
    ...[0, 1, 2].map((shift) => Buffer.from(bytes.subarray(shift).toString("base64url").slice(4, -6))),
    Buffer.from(bytes.toString("hex")),
    Buffer.from(bytes.toString("hex").toUpperCase()),
    wide,
    Buffer.from(wide).swap16(),
    Buffer.from([...secret].reverse().join("")),
  ];
}

/**
 * Every file below a folder but those of these names. What goes while we look, as in the folder of a browser that runs, is
 * not there.
 *
 * @param within only those whose path matches
 */
export async function filesBelow(
  folder: string,
  but: readonly string[] = [],
  within = /./,
): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !but.includes(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => within.test(path));
  const found = new Map<string, Buffer>();
  for (const path of paths) {
    try {
      found.set(path, await readFile(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return found;
}

/** @returns `what (disguise) in where` for everything found. */
export const search = (places: ReadonlyMap<string, Buffer>, wanted: ReadonlyMap<string, string>): string[] =>
  [...wanted].flatMap(([what, secret]) =>
    disguises(secret).flatMap((needle, i) =>
      [...places].flatMap(([where, bytes]) => (bytes.includes(needle) ? [`${what} (${i}) in ${where}`] : [])),
    ),
  );

/** Arguments and environment of every process that may be looked at. */
export function processes(): Map<string, Buffer> {
  const places = new Map<string, Buffer>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const file of ["cmdline", "environ"]) {
      try {
        places.set(`${file} of ${pid}`, readFileSync(`/proc/${pid}/${file}`));
      } catch {
        // It has ended, or belongs to somebody else.
      }
    }
  }
  return places;
}

const CHUNK_BYTES = 8_000_000;

/** How often a text lies in the writable memory of a process, as bytes or as UTF-16. @throws where that may not be read. */
export function countInMemory(pid: number, secret: string): number {
  const needles = [Buffer.from(secret), Buffer.from(secret, "utf16le")];
  const regions = readFileSync(`/proc/${pid}/maps`, "utf8")
    .split("\n")
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) rw.. \S+ \S+ \S+\s*(\S*)/.exec(line))
    .filter((match) => match !== null && !match[3]!.startsWith("[v"));
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const chunk = Buffer.alloc(CHUNK_BYTES + needles[1]!.length);
  let found = 0;
  try {
    for (const region of regions) {
      const [from, to] = [Number.parseInt(region![1]!, 16), Number.parseInt(region![2]!, 16)];
      for (let at = from; at < to; at += CHUNK_BYTES) {
        const read = readMemory(memory, chunk, at, Math.min(chunk.length, to - at));
        for (const needle of needles) found += occurrences(chunk.subarray(0, read), needle);
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

function readMemory(memory: number, chunk: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, chunk, 0, length, at);
  } catch (error) {
    // A page that is there but not backed by anything.
    if ((error as NodeJS.ErrnoException).code === "EIO") return 0;
    throw error;
  }
}

function occurrences(bytes: Buffer, needle: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) found += 1;
  return found;
}
