import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cliScripts, scriptsOfPage } from "../tests/house/built.ts";
import { ensureBuilt } from "../tools/build.ts";
import { SIZE_BUDGETS } from "./budgets.ts";

export interface Size {
  readonly what: string;
  readonly bytes: number;
  readonly budget: number;
}

/** What the built parts weigh, beside what they may. */
export async function sizes(): Promise<Size[]> {
  const extension = (await ensureBuilt("extension-chromium")).path;
  const bytesOf = (path: string): number => readFileSync(join(extension, path)).length;
  const popup = scriptsOfPage(extension, "popup.html").reduce((sum, path) => sum + bytesOf(path), 0);
  const worker = gzipSync(readFileSync((await ensureBuilt("worker")).path)).length;
  const scripts = cliScripts((await ensureBuilt("cli")).path).map((script) => script.length);
  const cli = scripts.reduce((sum, bytes) => sum + bytes, 0);
  return [
    {
      what: "content script",
      bytes: bytesOf("content-scripts/portal.js"),
      budget: SIZE_BUDGETS.contentScript,
    },
    { what: "popup, all script", bytes: popup, budget: SIZE_BUDGETS.popup },
    { what: "Worker, gzip", bytes: worker, budget: SIZE_BUDGETS.workerGzip },
    { what: "jcfetch.mjs", bytes: scripts[0]!, budget: SIZE_BUDGETS.cliWarmPath },
    { what: "jcfetch.mjs and parts", bytes: cli, budget: SIZE_BUDGETS.cliBundle },
  ];
}
