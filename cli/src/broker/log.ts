import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { cannotRead, errnoOf } from "../config/files.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { brokerStateDir } from "./place.ts";

export interface LogFlags {
  readonly follow: boolean;
  readonly lines: number;
}

const LOOK_EVERY_MS = 250;

/** The last lines of the broker's log; with `follow`, also those that come, until this program is ended. */
export async function showLog({ follow, lines }: LogFlags, host: Host): Promise<Result<null, Failure>> {
  const path = join(brokerStateDir(host), "broker.log");
  let older: string | undefined;
  let newer: string | undefined;
  try {
    [older, newer] = await Promise.all([textOf(`${path}.1`), textOf(path)]);
  } catch (error) {
    return err(cannotRead(path, errnoOf(error)));
  }
  if (newer === undefined) {
    return err(fail("broker-unmade", "there is no log yet", "start the broker: jcfetch broker start"));
  }
  const all = `${older ?? ""}${newer}`.split("\n").slice(0, -1);
  const last = lines === 0 ? [] : all.slice(-lines);
  await host.io.out(last.map((line) => `${line}\n`).join(""));
  if (follow) await followFrom(path, Buffer.byteLength(newer), host);
  return ok(null);
}

async function followFrom(path: string, start: number, host: Host): Promise<never> {
  for (let at = start; ; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size < at) at = 0; // a new file has begun
    if (size === at) continue;
    const more = await slice(path, at, size);
    const whole = more.slice(0, more.lastIndexOf("\n") + 1);
    await host.io.out(whole);
    at += Buffer.byteLength(whole);
  }
}

async function slice(path: string, from: number, to: number): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
