import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  /** Path inside the archive, with `/`. */
  readonly name: string;
  readonly content: Buffer;
}

/** The first moment that a ZIP can name, 1 January 1980: an archive of the same files is the same at any time. */
const DOS_DATE = 0x21;
const DEFLATE = 8;
const VERSION = 20;
/** Made on Unix, a plain file, 0644: the modes of the folder it was made from do not count. */
const MADE_BY = (3 << 8) | VERSION;
const FILE_0644 = (0o100644 << 16) >>> 0;

interface Placed extends ZipEntry {
  readonly packed: Buffer;
  readonly offset: number;
}

/** What stands in both the local and the central header, from "version needed" on. */
function common({ name, content, packed }: Placed): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(DEFLATE, 4);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
}

const localHeader = (entry: Placed): Buffer =>
  Buffer.concat([Buffer.from("PK\x03\x04"), common(entry), Buffer.from(entry.name)]);

function centralHeader(entry: Placed): Buffer {
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(FILE_0644, 6);
  tail.writeUInt32LE(entry.offset, 10);
  const madeBy = Buffer.from([MADE_BY & 255, MADE_BY >> 8]);
  return Buffer.concat([Buffer.from("PK\x01\x02"), madeBy, common(entry), tail, Buffer.from(entry.name)]);
}

/** A ZIP archive that depends on names and contents alone. @source PKWARE APPNOTE 6.3.10, §4.3 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const placed: Placed[] = [];
  let offset = 0;
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const at: Placed = { ...entry, packed: deflateRawSync(entry.content, { level: 9 }), offset };
    const part = Buffer.concat([localHeader(at), at.packed]);
    placed.push(at);
    parts.push(part);
    offset += part.length;
  }
  const directory = Buffer.concat(placed.map(centralHeader));
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(placed.length, 8);
  end.writeUInt16LE(placed.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}
