import { createHash } from "node:crypto";

/*
 * The signature inside a Mach-O program: a list of hashes, one for each of its pages. macOS ends a program whose pages are others. One
 * "ad hoc" names no author, which would take a certificate of Apple's and whoever publishes.
 *
 * Source: Apple's mach-o/loader.h, and xnu's osfmk/kern/cs_blobs.h. Numbers in the signature are big-endian, all others little-endian.
 */

const HEADER_BYTES = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const EMBEDDED_SIGNATURE = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const SHA256 = 2;
const SHA256_BYTES = 32;
const PAGE_BITS = 12;

/** Before the hashes: the list of blobs, which is one long, and the directory's own fields with the name. */
const LIST_BYTES = 20;
const FIELDS_BYTES = 88;
const NAME = Buffer.from("jcfetch\0");

/** Offsets of the load commands of a kind. */
function commandsIn(file: Buffer, kind: number): number[] {
  const found: number[] = [];
  let at = HEADER_BYTES;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    if (file.readUInt32LE(at) === kind) found.push(at);
    at += file.readUInt32LE(at + 4);
  }
  return found;
}

/** Where the signature lies, and how much room it has; `undefined` where the program has none. */
function placeIn(file: Buffer): { at: number; bytes: number } | undefined {
  const [command] = commandsIn(file, LC_CODE_SIGNATURE);
  if (command === undefined) return undefined;
  return { at: file.readUInt32LE(command + 8), bytes: file.readUInt32LE(command + 12) };
}

/** Hash of each page, up to where the signature begins: the last one is rarely whole. */
const pageHashes = (file: Buffer, end: number, pageBytes: number): Buffer[] =>
  Array.from({ length: Math.ceil(end / pageBytes) }, (_, page) => {
    const content = file.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, end));
    return createHash("sha256").update(content).digest();
  });

/** Is there a signature, and is each page of the program the one that it lists? */
export function isSigned(file: Buffer): boolean {
  const place = placeIn(file);
  if (place === undefined || file.readUInt32BE(place.at) !== EMBEDDED_SIGNATURE) return false;
  const blobs = Array.from({ length: file.readUInt32BE(place.at + 8) }, (_, i) => {
    return place.at + file.readUInt32BE(place.at + 12 + 8 * i + 4);
  });
  const directory = blobs.find((at) => file.readUInt32BE(at) === CODE_DIRECTORY);
  if (directory === undefined || file.readUInt8(directory + 37) !== SHA256) return false;
  const listed = directory + file.readUInt32BE(directory + 16);
  const hashes = Buffer.concat(pageHashes(file, place.at, 2 ** file.readUInt8(directory + 39)));
  return (
    file.readUInt32BE(directory + 32) === place.at &&
    hashes.equals(file.subarray(listed, listed + hashes.length))
  );
}

/** The directory's own fields. An ad hoc one has no special slots: it vouches for nothing but the pages. */
function fieldsOf(pages: number, codeEnd: number, textBytes: bigint): Buffer {
  const fields = Buffer.alloc(FIELDS_BYTES);
  const hashesAt = FIELDS_BYTES + NAME.length;
  const VERSION = 0x20400;
  const AD_HOC = 2;
  const [special, name] = [0, FIELDS_BYTES];
  const length = hashesAt + pages * SHA256_BYTES;
  for (const [i, value] of [CODE_DIRECTORY, length, VERSION, AD_HOC, hashesAt, name, special].entries())
    fields.writeUInt32BE(value, 4 * i);
  fields.writeUInt32BE(pages, 28);
  fields.writeUInt32BE(codeEnd, 32);
  fields.set([SHA256_BYTES, SHA256, 0, PAGE_BITS], 36);
  fields.writeBigUInt64BE(textBytes, 72);
  const MAIN_BINARY = 1n;
  fields.writeBigUInt64BE(MAIN_BINARY, 80);
  return fields;
}

/**
 * Signs ad hoc, as `codesign --sign -` does, in the room that another signature had. Bun does so itself for Apple silicon; for
 * Intel it leaves its own runtime's, which is not of the program any more and forbids by its flags to run such a one.
 *
 * @param file changed in place.
 * @throws where it has no room for a signature.
 * @source seen in what Bun 1.4.5 makes
 */
export function signAdHoc(file: Buffer): void {
  const place = placeIn(file);
  const text = commandsIn(file, LC_SEGMENT_64).find(
    (at) => file.toString("latin1", at + 8, at + 24).replace(/\0+$/, "") === "__TEXT",
  );
  if (place === undefined || text === undefined) throw new Error("the program has no place for a signature");
  const hashes = pageHashes(file, place.at, 2 ** PAGE_BITS);
  const fields = fieldsOf(hashes.length, place.at, file.readBigUInt64LE(text + 48));
  const directory = Buffer.concat([fields, NAME, ...hashes]);
  const list = Buffer.alloc(LIST_BYTES);
  const [count, kind] = [1, 0];
  for (const [i, value] of [
    EMBEDDED_SIGNATURE,
    LIST_BYTES + directory.length,
    count,
    kind,
    LIST_BYTES,
  ].entries())
    list.writeUInt32BE(value, 4 * i);
  const signature = Buffer.concat([list, directory]);
  if (signature.length > place.bytes) throw new Error("the program has too little room for its signature");
  file.fill(0, place.at, place.at + place.bytes);
  signature.copy(file, place.at);
}
