/**
 * `node tools/run.mjs FILE ARGS…`: installs what FILE needs, then runs it on the Node of the lock file with the
 * project's programs first on the PATH. Runs on a plain Node 20 with nothing installed.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
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
// npm passes a signal on to the shell between us, and no further; and who is killed passes on nothing.
if (process.env.npm_lifecycle_event !== undefined) {
  const above = ancestors();
  const watch = setInterval(() => {
    if (ancestors() === above) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, 500).unref();
}

/** Parent and its parent: the shell, and npm. Without /proc, the parent alone. */
function ancestors() {
  try {
    const shell = readFileSync(`/proc/${process.ppid}/stat`, "utf8");
    return `${process.ppid} ${shell.slice(shell.lastIndexOf(")")).split(" ")[2]}`;
  } catch {
    return `${process.ppid}`;
  }
}

child.on("error", (error) => {
  process.stderr.write(`run: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
