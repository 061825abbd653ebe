import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SCRIPTS } from "../../cli/src/complete/scripts.ts";
import { filesIn } from "../lib/files.ts";
import { readLock } from "../lib/lockfile.ts";
import { ROOT } from "../lib/process.ts";
import type { TarEntry } from "../lib/tar.ts";
import { keyringFor } from "./keyring.ts";
import { notices } from "./notices.ts";
import { programName, type Target } from "./targets.ts";

const DIST = join(ROOT, "cli/dist");

/** By the names that the shells look for. */
const COMPLETIONS = {
  "jcfetch.bash": SCRIPTS.bash,
  _jcfetch: SCRIPTS.zsh,
  "jcfetch.fish": SCRIPTS.fish,
  "jcfetch.ps1": SCRIPTS.powershell,
} as const;

export const completions = (): TarEntry[] =>
  Object.entries(COMPLETIONS).map(([name, text]) => ({
    name: `completions/${name}`,
    content: Buffer.from(text),
  }));

const built = (name: string): TarEntry => ({ name, content: readFileSync(join(DIST, name)) });

/** What stands beside the program however it is installed. */
const beside = (): TarEntry[] => [
  { name: "README.md", content: readFileSync(join(ROOT, "cli/README.md")) },
  { name: "THIRD-PARTY.txt", content: Buffer.from(notices(readLock())) },
  built("jcfetch.1"),
  built("broker/host.mjs"),
  built("broker/worker.js"),
  ...completions(),
];

const inFolder = (folder: string, entries: readonly TarEntry[]): TarEntry[] =>
  entries.map((entry) => ({ ...entry, name: `${folder}/${entry.name}` }));

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as Manifest;

/**
 * The package as npm gets it. All that the program needs is inside the bundle; a keyring is native code, so it is optional,
 * and nothing runs when it is installed.
 */
function packageJson(): Buffer {
  const { version, description, license, engines } = manifestIn(".");
  const { optionalDependencies } = manifestIn("cli");
  const manifest = {
    name: "jcfetch",
    version,
    description,
    keywords: ["aws", "sso", "iam-identity-center", "jumpcloud", "credentials", "credential-process"],
    license,
    type: "module",
    bin: { jcfetch: "jcfetch.mjs" },
    man: ["./jcfetch.1"],
    engines,
    optionalDependencies,
  };
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** `package/…`, as npm wants it. */
export const npmPackage = (): TarEntry[] =>
  inFolder("package", [
    { name: "package.json", content: packageJson() },
    { ...built("jcfetch.mjs"), executable: true },
    ...filesIn(join(DIST, "parts")).map((name) => built(`parts/${name}`)),
    ...beside(),
  ]);

/** One folder, named like the archive: the executable looks beside itself for the broker, and for the keyring. */
export async function archiveOf(folder: string, target: Target, program: Buffer): Promise<TarEntry[]> {
  const own = { name: programName(target), content: program, executable: true };
  return inFolder(folder, [own, ...(await keyringFor(target, readLock())), ...beside()]);
}
