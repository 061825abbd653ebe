import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Every file under a folder with its mode and content, to be compared. */
export function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(entries.map((name) => [name, describe(join(folder, name))]));
}

function describe(path: string): string {
  const found = lstatSync(path);
  const mode = (found.mode & 0o7777).toString(8);
  if (found.isDirectory()) return `folder ${mode}`;
  if (found.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (!found.isFile()) return `neither file nor folder ${mode}`; // reading a FIFO would wait for ever
  return `file ${mode} ${readFileSync(path).toString("base64")}`;
}
