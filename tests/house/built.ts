/** The parts as they are shipped. Whoever asks first builds them. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureBuilt } from "../../tools/build.ts";

export const BROWSERS = ["chromium", "firefox"] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** Folder of the built extension. */
export const extensionFolder = async (browser: BrowserName): Promise<string> =>
  (await ensureBuilt(`extension-${browser}`)).path;

export const manifestOf = async (browser: BrowserName): Promise<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(await extensionFolder(browser), "manifest.json"), "utf8")) as Record<
    string,
    unknown
  >;

/** Every script that an extension page loads: its own, and what those import statically. */
export function scriptsOfPage(folder: string, page: string): string[] {
  const html = readFileSync(join(folder, page), "utf8");
  const linked = [...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map((match) => match[1] as string);
  const seen = new Set<string>();
  const waiting = [...linked];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = readFileSync(join(folder, path), "utf8");
    const imports = [...text.matchAll(/(?:from|import)\s*["']\.?\.?\/([^"']+\.js)["']/g)].map(
      (match) => match[1] as string,
    );
    waiting.push(...imports.map((name) => globSync(`**/${name}`, { cwd: folder })[0] ?? name));
  }
  return [...seen].sort();
}

/** What Node loads of the command line: the file that every start reads, and then the parts. */
export function cliScripts(start: string): Buffer[] {
  const parts = globSync("parts/*.mjs", { cwd: dirname(start) }).sort();
  return [start, ...parts.map((name) => join(dirname(start), name))].map((path) => readFileSync(path));
}
