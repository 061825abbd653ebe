/**
 * Builds the command line: one file for Node, and one executable for this system; and beside them, in `broker/`, the local
 * broker: its host program and the Worker.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { ensureBuilt } from "./build.ts";
import { say } from "./lib/report.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "cli/dist");
const bundle = join(dist, "jcfetch.mjs");
mkdirSync(join(dist, "broker"), { recursive: true });

const forNode = {
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20",
  legalComments: "none",
  logLevel: "warning",
} as const satisfies BuildOptions;

await build({ ...forNode, entryPoints: [join(root, "cli/src/main.ts")], outfile: bundle });
await build({
  ...forNode,
  entryPoints: [join(root, "worker/src/local/main.ts")],
  outfile: join(dist, "broker/host.mjs"),
});
copyFileSync((await ensureBuilt("worker")).path, join(dist, "broker/worker.js"));
chmodSync(bundle, 0o755);

const bun = join(root, "node_modules/.bin/bun");
const executable = join(dist, "jcfetch");
const args = ["build", "--compile", "--minify", "--bytecode", bundle, "--outfile", executable];
const compiled = spawnSync(bun, args, { cwd: dist, encoding: "utf8" });
if (compiled.status !== 0) {
  say(`${compiled.stdout}${compiled.stderr}${compiled.error?.message ?? ""}`);
  process.exitCode = 1;
}
