import { chmod, lstat, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { KeysPlace } from "@jcfetch/shared/local-broker";
import * as v from "valibot";
import type { ProcessMark } from "./process-mark.ts";

/** Everything a local broker keeps, in one folder of its owner alone. */
export const stateFiles = (stateDir: string) => ({
  /** The broker's secrets, where they are in a file. */
  keys: join(stateDir, "keys.json"),
  /** Port, broker id, place of the keys, version: what outlives a run. */
  settings: join(stateDir, "settings.json"),
  /** The supervisor and the workerd that run now. */
  run: join(stateDir, "run.json"),
  lock: join(stateDir, "lock"),
  log: join(stateDir, "broker.log"),
});

const Port = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_535));

const Settings = v.object({
  /** `STATE_VERSION` of the newest program that ran over this folder. */
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  port: Port,
  bid: v.string(),
  keys: v.picklist(["file", "keyring"] satisfies KeysPlace[]),
});
export type Settings = v.InferOutput<typeof Settings>;

const Mark = v.object({ pid: v.number(), started: v.string() });

const Run = v.object({
  supervisor: Mark,
  workerd: v.nullable(Mark),
  port: Port,
  sinceMs: v.number(),
  restarts: v.number(),
  build: v.string(),
});
export interface Run {
  readonly supervisor: ProcessMark;
  readonly workerd: ProcessMark | null;
  readonly port: number;
  readonly sinceMs: number;
  readonly restarts: number;
  readonly build: string;
}

/** What the folder holds is not what was put there. The message is a path and a reason. */
export class StateUnreadable extends Error {}

/** The note of what runs now. Unlike the rest of the folder it is no loss. */
export class RunUnreadable extends StateUnreadable {}

/** @returns `undefined` before the first start. @throws StateUnreadable */
export const readSettings = (stateDir: string): Promise<Settings | undefined> =>
  readJson(stateFiles(stateDir).settings, Settings);

/** @returns `undefined` while nothing runs. @throws StateUnreadable; RunUnreadable where it is damaged */
export const readRun = (stateDir: string): Promise<Run | undefined> =>
  readJson(stateFiles(stateDir).run, Run, RunUnreadable);

/** For who writes it anew or takes it away: a damaged one is none. @throws StateUnreadable */
export const readRunIfWhole = (stateDir: string): Promise<Run | undefined> =>
  readRun(stateDir).catch((error: Error) => {
    if (error instanceof RunUnreadable) return undefined;
    throw error;
  });

/** @throws StateUnreadable */
export const readMark = (path: string): Promise<ProcessMark | undefined> => readJson(path, Mark);

async function readJson<S extends v.GenericSchema>(
  path: string,
  schema: S,
  Damaged: typeof StateUnreadable = StateUnreadable,
): Promise<v.InferOutput<S> | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    throw new Damaged(`${path} is damaged`);
  }
}

/** @throws StateUnreadable when the file is there and cannot be read. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new StateUnreadable(`${path} cannot be read (${code})`);
  }
}

/** Whole or not at all: written beside the file, brought to the disk, then renamed over it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const aside = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}`);
  try {
    const file = await open(aside, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}

/** [LB2] Make the folder, for its owner alone. */
export async function prepareState(stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await chmod(stateDir, 0o700);
}

const OTHERS = 0o077;

/** [LB2] What in the folder others could open, or what is not its owner's. Empty on systems without modes. */
export async function exposedIn(stateDir: string): Promise<string[]> {
  const uid = process.getuid?.();
  if (uid === undefined) return [];
  const below = await readdir(stateDir, { recursive: true }).catch(() => []);
  const exposed: string[] = [];
  for (const path of [stateDir, ...below.map((name) => join(stateDir, name))]) {
    const found = await stat(path).catch(() => undefined); // SQLite makes and removes files while we look
    if (found && (found.uid !== uid || (found.mode & OTHERS) !== 0)) exposed.push(path);
  }
  return exposed.sort();
}

/** [LB2] Take from others what they could open. @returns what that was; what is somebody else's stays as it is. */
export async function narrow(stateDir: string): Promise<string[]> {
  const narrowed: string[] = [];
  for (const path of await exposedIn(stateDir)) {
    const found = await lstat(path).catch(() => undefined);
    if (!found || found.isSymbolicLink() || found.uid !== process.getuid?.()) continue;
    const done = await chmod(path, found.mode & ~OTHERS & 0o7777).then(
      () => true,
      () => false, // gone meanwhile
    );
    if (done) narrowed.push(path);
  }
  return narrowed;
}
