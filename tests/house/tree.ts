/** The project as its tests of the house see it: the files that git holds or would take, their texts and their imports. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

export const PROGRAMS = ["shared", "worker", "extension", "cli"] as const;

/** Paths from the root, of everything that is not ignored; what is deleted but not committed is left out. */
export const files: readonly string[] = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
  cwd: ROOT,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
})
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(ROOT, path)))
  .sort();

export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

export const isCode = (path: string): boolean => /\.(ts|tsx|mts|mjs|js)$/.test(path);

export const codeUnder = (...folders: readonly string[]): string[] =>
  files.filter((path) => isCode(path) && folders.some((folder) => path.startsWith(`${folder}/`)));

/** The code of the four programs, without their tests. */
export const programCode: readonly string[] = codeUnder(...PROGRAMS.map((name) => `${name}/src`));

const COMMENTS = /\/\*[\s\S]*?\*\/|(?<![:"'`\w])\/\/[^\n]*/g;
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)(["'])([^"'\n]+)\1/gm;

/** What a text imports, as written. */
export const importsIn = (text: string): string[] =>
  [...text.replace(COMMENTS, "").matchAll(SPECIFIER)].map((match) => match[2] as string);

export interface Import {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** Path from the root for a file of ours, else undefined. */
  readonly target: string | undefined;
}

function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return normalize(join(dirname(from), specifier.replace(/\?.*$/, "")));
  const shared = /^@jcfetch\/shared\/(.+)$/.exec(specifier);
  return shared ? `shared/src/${shared[1]}.ts` : undefined;
}

export const importsOf = (path: string): Import[] =>
  importsIn(read(path)).map((specifier) => ({ from: path, specifier, target: targetOf(path, specifier) }));

/** Every file of ours that `entries` reach through their imports, themselves included. */
export function reachableFrom(entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path) || !isCode(path) || !existsSync(join(ROOT, path))) continue;
    seen.add(path);
    waiting.push(...importsOf(path).flatMap(({ target }) => target ?? []));
  }
  return seen;
}
