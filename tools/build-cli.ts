/** Builds the command line: one file for Node, and one executable for this system that needs nothing else. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { say } from "./lib/report.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "cli/dist");
const bundle = join(dist, "jcfetch.mjs");
mkdirSync(dist, { recursive: true });

await build({
  entryPoints: [join(root, "cli/src/main.ts")],
  outfile: bundle,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20",
  legalComments: "none",
  logLevel: "warning",
});
chmodSync(bundle, 0o755);

const bun = join(root, "node_modules/.bin/bun");
const executable = join(dist, "jcfetch");
const args = ["build", "--compile", "--minify", "--bytecode", bundle, "--outfile", executable];
const compiled = spawnSync(bun, args, { cwd: dist, encoding: "utf8" });
if (compiled.status !== 0) {
  say(`${compiled.stdout}${compiled.stderr}${compiled.error?.message ?? ""}`);
  process.exitCode = 1;
}
