/*
 * Loaded ahead of a program: it dies, as by `kill -9`, at the change number KILL_AT that it makes to the disk. A write that it
 * dies in leaves half of its bytes.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const at = Number(process.env.KILL_AT);
let changes = 0;

/** @returns whether this change is the last one. */
const isLast = () => ++changes === at;
const die = () => process.kill(process.pid, "SIGKILL");

function guard(holder, name, changesDisk = () => true) {
  const real = holder[name];
  holder[name] = function (...args) {
    if (changesDisk(...args) && isLast()) die();
    return real.apply(this, args);
  };
}

const writes = (_path, flags = "r") => flags !== "r";
for (const name of ["mkdir", "rename", "rm", "rmdir", "chmod", "writeFile"]) guard(fs.promises, name);
for (const name of ["renameSync", "rmSync", "writeFileSync", "mkdirSync"]) guard(fs, name);
guard(fs.promises, "open", writes);
guard(fs, "openSync", writes);

const handle = await fs.promises.open(process.argv[1]);
const FileHandle = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ["chmod", "chown", "sync"]) guard(FileHandle, name);
const { writeFile } = FileHandle;
FileHandle.writeFile = async function (bytes, ...rest) {
  if (!isLast()) return writeFile.call(this, bytes, ...rest);
  await writeFile.call(this, bytes.subarray(0, bytes.length >> 1), ...rest);
  die();
};
syncBuiltinESMExports();
