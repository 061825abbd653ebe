import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface TarEntry {
  /** Path inside the archive, with `/`; at most 100 bytes. */
  readonly name: string;
  readonly content: Buffer;
  readonly executable?: boolean;
}

const BLOCK = 512;
const NAME_BYTES = 100;
/** 1 January 1980, as in our ZIPs: an archive of the same files is the same at any time, and tar warns of 1970. */
const TIME_SECONDS = 315_532_800;
/** Where gzip names the system it ran on; 255 is "unknown". @source RFC 1952 §2.3.1 */
const GZIP_OS = 9;

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, "0")}\0`;

/** @source POSIX.1-2017, pax, ustar Interchange Format */
function header({ name, content, executable = false }: TarEntry): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES) throw new Error(`too long a name for an archive: ${name}`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(executable ? 0o755 : 0o644, 8), 100);
  block.write(octal(0, 8), 108); // nobody's in particular: who unpacks it owns it
  block.write(octal(0, 8), 116);
  block.write(octal(content.length, 12), 124);
  block.write(octal(TIME_SECONDS, 12), 136);
  block.write(" ".repeat(8), 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}

const padding = (length: number): Buffer => Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK);

/** A `.tar.gz` that depends on names, contents and who may run them alone. */
export async function tarGz(entries: readonly TarEntry[]): Promise<Buffer> {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const blocks = sorted.flatMap((entry) => [header(entry), entry.content, padding(entry.content.length)]);
  const packed = await promisify(gzip)(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
  packed[GZIP_OS] = 255;
  return packed;
}
