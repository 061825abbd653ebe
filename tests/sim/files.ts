import { readFileSync } from "node:fs";
import { extname } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** Serves the scripts and styles of one folder verbatim; undefined for a name that is not there. */
export function fileServer(folder: URL) {
  return (name: string, headers: Record<string, string> = {}): Response | undefined => {
    const type = TYPES[extname(name)];
    if (type === undefined || !/^[a-z0-9-]+\.[a-z]+$/.test(name)) return undefined;
    try {
      return new Response(readFileSync(new URL(name, folder)), {
        headers: { "content-type": type, ...headers },
      });
    } catch {
      return undefined;
    }
  };
}
