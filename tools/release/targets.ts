/** The systems that an executable is made for, and the runtime that it carries. */
export interface Target {
  /** As people call it, in the names of the archives. */
  readonly name: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The npm package with Bun for that system: a part of the package `bun`, and so in the lock file with its checksum. */
  readonly runtime: string;
  /** What Bun calls it. */
  readonly bun: string;
}

const target = (
  name: string,
  platform: NodeJS.Platform,
  arch: string,
  bun: string,
  ofBun: string,
): Target => ({
  ...{ name, platform, arch, runtime: `@oven/bun-${bun}` },
  bun: `bun-${ofBun}`,
});

export const TARGETS: readonly Target[] = [
  target("linux-x64", "linux", "x64", "linux-x64", "linux-x64"),
  target("linux-arm64", "linux", "arm64", "linux-aarch64", "linux-arm64"),
  target("macos-x64", "darwin", "x64", "darwin-x64", "darwin-x64"),
  target("macos-arm64", "darwin", "arm64", "darwin-aarch64", "darwin-arm64"),
  target("windows-x64", "win32", "x64", "windows-x64", "windows-x64"),
];

/** This very system; nothing where no executable is made for it. */
export const ownTarget = (): Target | undefined =>
  TARGETS.find(({ platform, arch }) => platform === process.platform && arch === process.arch);

export const programName = ({ platform }: Target): string =>
  platform === "win32" ? "jcfetch.exe" : "jcfetch";
