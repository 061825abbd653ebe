import type { Target } from "./targets.ts";

/** What a file begins with says for which system and processor it is. */
type Kind = Pick<Target, "platform" | "arch">;

const ELF = 0x7f454c46;
const ELF_MACHINES: Readonly<Record<number, string>> = { 62: "x64", 183: "arm64" };
const MACH_O_64 = 0xfeedfacf;
const MACH_O_PROCESSORS: Readonly<Record<number, string>> = { 16777223: "x64", 16777228: "arm64" };
const MZ = 0x5a4d;
const PE = 0x4550;
const PE_MACHINES: Readonly<Record<number, string>> = { 34404: "x64", 43620: "arm64" };

/**
 * @returns `undefined` for what is no 64-bit program that we know.
 * @source System V ABI (ELF header); Apple's mach-o/loader.h; Microsoft's PE format
 */
export function kindOf(file: Buffer): Kind | undefined {
  if (file.length < 1024) return undefined;
  const is = (platform: NodeJS.Platform, arch: string | undefined): Kind | undefined =>
    arch === undefined ? undefined : { platform, arch };
  if (file.readUInt32BE(0) === ELF) return is("linux", ELF_MACHINES[file.readUInt16LE(18)]);
  if (file.readUInt32LE(0) === MACH_O_64) return is("darwin", MACH_O_PROCESSORS[file.readUInt32LE(4)]);
  if (file.readUInt16LE(0) !== MZ) return undefined;
  const at = file.readUInt32LE(0x3c);
  if (at + 6 > file.length || file.readUInt32LE(at) !== PE) return undefined;
  return is("win32", PE_MACHINES[file.readUInt16LE(at + 4)]);
}
