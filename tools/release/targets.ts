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
  /** What the keyring's native part calls it. */
  readonly keyring: string;
}

export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    platform: "linux",
    arch: "x64",
    runtime: "@oven/bun-linux-x64",
    bun: "bun-linux-x64",
    keyring: "linux-x64-gnu",
  },
  {
    name: "linux-arm64",
    platform: "linux",
    arch: "arm64",
    runtime: "@oven/bun-linux-aarch64",
    bun: "bun-linux-arm64",
    keyring: "linux-arm64-gnu",
  },
  {
    name: "macos-x64",
    platform: "darwin",
    arch: "x64",
    runtime: "@oven/bun-darwin-x64",
    bun: "bun-darwin-x64",
    keyring: "darwin-x64",
  },
  {
    name: "macos-arm64",
    platform: "darwin",
    arch: "arm64",
    runtime: "@oven/bun-darwin-aarch64",
    bun: "bun-darwin-arm64",
    keyring: "darwin-arm64",
  },
  {
    name: "windows-x64",
    platform: "win32",
    arch: "x64",
    runtime: "@oven/bun-windows-x64",
    bun: "bun-windows-x64",
    keyring: "win32-x64-msvc",
  },
];

/** This very system; nothing where no executable is made for it. */
export const ownTarget = (): Target | undefined =>
  TARGETS.find(({ platform, arch }) => platform === process.platform && arch === process.arch);

export const programName = ({ platform }: Target): string =>
  platform === "win32" ? "jcfetch.exe" : "jcfetch";
