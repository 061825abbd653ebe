/**
 * `node tools/run.mjs FILE ARGS…`: installs what FILE needs, then runs it on the Node of the lock file with the
 * project's programs first on the PATH. Runs on a plain Node 20 with nothing installed.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join, relative, resolve } from "node:path";
import { NODE, ROOT, setUp } from "./setup.mjs";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("run: name the file to run, e.g. node tools/run.mjs tools/check.ts\n");
  process.exit(2);
}
const entryPoint = resolve(ROOT, file);
setUp(relative(ROOT, entryPoint));

const child = spawn(NODE, [entryPoint, ...args], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, PATH: [join(ROOT, "node_modules/.bin"), process.env.PATH].join(delimiter) },
});
// The terminal sends its signals to the child too; those sent to us alone are passed on. We end when the child does.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`run: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
