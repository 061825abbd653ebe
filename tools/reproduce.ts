/**
 * `npm run reproduce`: builds a release twice, each time from a clean copy of the sources in a folder, a home, a language and
 * a time zone of its own, compares the two byte by byte and prints the hashes. Ends with 1 if anything differs.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { filesIn, sha256 } from "./lib/files.ts";
import { ROOT } from "./lib/process.ts";
import { close, row, say, seconds } from "./lib/report.ts";
import { RELEASE } from "./pack.ts";

/** Two sets of surroundings that a build must not see. */
const SURROUNDINGS = [
  { folder: "a", env: { TZ: "UTC", LANG: "C", LC_ALL: "C" }, umask: 0o022 },
  {
    folder: "another/folder with a longer name",
    env: {
      TZ: "Pacific/Kiritimati",
      LANG: "C.UTF-8",
      LC_ALL: "C.UTF-8",
      SOURCE_DATE_EPOCH: "1",
      NODE_ENV: "test",
    },
    umask: 0o077,
  },
] as const;

export interface Compared {
  /** Lines of the first build's SHA256SUMS. */
  readonly sums: readonly string[];
  /** Names of files that are not the same in both, or are in one only. */
  readonly differing: readonly string[];
  /** Milliseconds that each of the builds took. */
  readonly tookMs: readonly number[];
  /** The two releases; gone with `dispose`. */
  readonly folders: readonly string[];
  dispose(): void;
}

/** What git holds or would take, as it is in the working tree. */
function copySources(to: string): void {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const name of listed.split("\0").filter((path) => path !== "" && existsSync(join(ROOT, path)))) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    cpSync(join(ROOT, name), join(to, name));
  }
  // Packages are installed from the lock file, by checksum, so they count as given; hard links where the disk allows.
  const packages = join(ROOT, "node_modules");
  const linked = spawnSync("cp", ["-al", packages, join(to, "node_modules")]);
  if (linked.status !== 0) execFileSync("cp", ["-a", packages, join(to, "node_modules")]);
}

function buildIn(folder: string, { env, umask }: (typeof SURROUNDINGS)[number]): number {
  const startedMs = performance.now();
  const home = `${folder}.home`;
  mkdirSync(home);
  const script = 'umask "$1"; exec "$2" tools/pack.ts';
  const done = spawnSync("sh", ["-c", script, "sh", umask.toString(8), process.execPath], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: home, ...env },
  });
  if (done.status !== 0) throw new Error(`building in ${folder} failed\n${done.stdout}${done.stderr}`);
  return performance.now() - startedMs;
}

/** Names of files that are not the same under both folders, or are under one only. */
export function differingFiles(first: string, second: string): string[] {
  const hashIn = (folder: string, name: string): string | undefined =>
    existsSync(join(folder, name)) ? sha256(join(folder, name)) : undefined;
  const names = [...new Set([...filesIn(first), ...filesIn(second)])].sort();
  return names.filter((name) => hashIn(first, name) !== hashIn(second, name));
}

export function buildTwice(): Compared {
  const top = mkdtempSync(join(tmpdir(), "jcfetch-reproduce-"));
  const dispose = (): void => rmSync(top, { recursive: true, force: true });
  try {
    const tookMs = SURROUNDINGS.map((surroundings) => {
      const folder = join(top, surroundings.folder);
      mkdirSync(folder, { recursive: true });
      copySources(folder);
      return buildIn(folder, surroundings);
    });
    const folders = SURROUNDINGS.map(({ folder }) => join(top, folder, RELEASE));
    const differing = differingFiles(folders[0]!, folders[1]!);
    const sums = readFileSync(join(folders[0]!, "SHA256SUMS"), "utf8").trim().split("\n");
    return { sums, differing, tookMs, folders, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

if (import.meta.main) {
  const startedMs = performance.now();
  const { sums, differing, tookMs, dispose } = buildTwice();
  dispose();
  for (const line of sums) say(line);
  for (const [index, ms] of tookMs.entries()) say(row(`build ${index + 1}`, "made", seconds(ms)));
  for (const name of differing) say(row(name, "DIFFERS", ""));
  const same = sums.length - differing.filter((name) => name !== "SHA256SUMS").length;
  close([{ passed: same, failed: differing.length }], startedMs);
}
