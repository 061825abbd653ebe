import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { callBroker } from "@jcfetch/shared/client";
import { DEFAULT_LOCAL_PORT, type HostStarted } from "@jcfetch/shared/local-broker";
import { health } from "@jcfetch/shared/protocol/endpoints";
import { SECOND_MS } from "@jcfetch/shared/time";
import type { Egress } from "./config.ts";
import {
  narrow,
  prepareState,
  readRunIfWhole,
  readSettings,
  type Settings,
  stateFiles,
  writeWhole,
} from "./files.ts";
import { fileStore, type KeyStore, keyringStore, loadOrMake, moveSecrets, NoKeyring } from "./key-store.ts";
import { type BrokerSecrets, brokerIdFrom } from "./keys.ts";
import { takeLock } from "./lock.ts";
import { BrokerLog } from "./log.ts";
import { endProcess } from "./process-mark.ts";
import { Refused } from "./refused.ts";
import { supervise } from "./supervise.ts";
import { STATE_VERSION } from "./version.ts";
import { findWorkerd } from "./workerd.ts";

/** Where this program and its bundle lie, and what of the world it uses. */
export interface HostWorld {
  /** Folder of the host program; `worker.js` lies beside it. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly egress: Egress;
  /** Resolves when this process is told to end. */
  readonly told: Promise<unknown>;
}

export interface RunFlags {
  readonly stateDir: string;
  /** Undefined: the one of last time. */
  readonly port?: number;
  readonly keyring: boolean;
}

const GRACE_MS = 5 * SECOND_MS;
const HEALTH_MS = 10 * SECOND_MS;

/** Be the supervisor of this state folder until told to end. @throws Refused */
export async function run(
  { stateDir, port, keyring }: RunFlags,
  world: HostWorld,
  ready: (started: HostStarted) => void,
): Promise<void> {
  process.umask(0o077); // [LB2] also for all that workerd makes
  const files = stateFiles(stateDir);
  const taken = await entered(stateDir, () => takeLock(files.lock));
  if (typeof taken !== "function") throw new Refused("already-running", String(taken.pid));
  try {
    await endOrphan(stateDir);
    const before = await readSettings(stateDir);
    if (before && before.version > STATE_VERSION) throw new Refused("state-newer", String(before.version));
    const workerd = findWorkerd(world.env, world.folder);
    if (workerd === undefined) throw new Refused("no-workerd", world.env.JCFETCH_WORKERD ?? world.folder);
    const wanted = port ?? before?.port ?? DEFAULT_LOCAL_PORT;
    if (!(await isFree(wanted))) throw new Refused("port-taken", String(wanted));

    const keys = keyring || before?.keys === "keyring" ? "keyring" : "file";
    const secrets = await openKeys(stateDir, keys, before, world);
    const bid = await brokerIdFrom(secrets);
    // Before the Worker brings anything forward: from here on an older program stays away.
    const settings: Settings = { version: STATE_VERSION, port: wanted, bid, keys };
    await writeWhole(files.settings, JSON.stringify(settings));
    const bundle = join(world.folder, "worker.js");
    const build = await buildOf(world.folder);
    const log = new BrokerLog(files.log);
    const answering = async (started: HostStarted): Promise<void> => {
      if (!(await answers(started.url))) throw new Error("the broker does not answer");
      ready(started);
    };
    const { egress, told } = world;
    const parts = { workerd, bundle, stateDir, port: wanted, egress, secrets, keys, bid } as const;
    try {
      await supervise({ ...parts, build, log, told, ready: answering });
    } catch (error) {
      throw new Refused("not-started", (error as Error).message);
    }
  } finally {
    await taken();
  }
}

/** Make the folder, and write the first file in it. @throws Refused */
async function entered<T>(stateDir: string, write: () => Promise<T>): Promise<T> {
  try {
    await prepareState(stateDir);
    await narrow(stateDir);
    return await write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Refused("state-unwritable", `${stateDir} (${code})`);
  }
}

/** [LB6] A workerd whose supervisor was killed: it would keep port and databases for itself. */
async function endOrphan(stateDir: string): Promise<void> {
  const orphan = (await readRunIfWhole(stateDir))?.workerd;
  if (orphan && !(await endProcess(orphan, GRACE_MS))) throw new Refused("not-stopped", String(orphan.pid));
}

async function openKeys(
  stateDir: string,
  place: Settings["keys"],
  before: Settings | undefined,
  { folder }: HostWorld,
): Promise<BrokerSecrets> {
  try {
    const store = storeOf(stateDir, place, folder);
    if (place === "keyring" && before?.keys === "file") {
      await moveSecrets(storeOf(stateDir, "file", folder), store);
    }
    // [LB4] Keys that were there once are not made a second time: everybody who has pinned the broker would be lost.
    if (!before) return await loadOrMake(store);
    const secrets = await store.load();
    if (!secrets)
      throw new Error(place === "file" ? `${stateFiles(stateDir).keys} is gone` : "the entry is gone");
    return secrets;
  } catch (error) {
    if (error instanceof NoKeyring) throw new Refused("no-keyring", error.message);
    throw new Refused("keys-unreadable", (error as Error).message);
  }
}

export const storeOf = (stateDir: string, place: Settings["keys"], folder: string): KeyStore =>
  place === "keyring" ? keyringStore(folder, stateDir) : fileStore(stateFiles(stateDir).keys);

export async function answers(url: string): Promise<boolean> {
  return (await callBroker({ url, fetch, timeoutMs: HEALTH_MS }, health, {})).ok;
}

/** Digest of host program and Worker together: whether what runs is what is installed. */
export async function buildOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["host.mjs", "worker.js"]) hash.update(await readFile(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}

/** By listening there for an instant, with the address that workerd will use. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
