import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Broker } from "./broker.ts";

export type Row = Record<string, unknown>;
/** All rows of one object, by table. */
export type Tables = Record<string, Row[]>;

/** What somebody would read who got hold of a broker's databases: every row of every object of one kind. */
export const readDatabases = async (
  { objectsDir }: Broker,
  kind: "vault" | "mailbox" | "ticket" | "keys",
): Promise<Tables[]> => Object.values(await tablesIn(join(objectsDir, `jcfetch-${kind}`)));

const COPIES = 20;

/** By file. A copy of what the broker writes at that moment may be torn: then another one is made. */
async function tablesIn(objects: string): Promise<Record<string, Tables>> {
  for (let copies = 1; ; copies++) {
    try {
      return await tablesInCopy(objects);
    } catch (error) {
      if (copies === COPIES || !/malformed|not a database/.test((error as Error).message)) throw error;
    }
  }
}

async function tablesInCopy(objects: string): Promise<Record<string, Tables>> {
  const copy = await mkdtemp(join(tmpdir(), "jcfetch-databases-"));
  try {
    const folder = join(copy, "objects");
    await copyWhole(objects, folder);
    const files = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)).sort();
    return Object.fromEntries(files.map((name) => [name, readTables(join(folder, name))]));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** An object that goes to sleep takes its write-ahead log along: a file that goes while we copy means to begin again. */
async function copyWhole(from: string, to: string): Promise<void> {
  for (;;) {
    try {
      return await cp(from, to, { recursive: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || !existsSync(from)) throw error;
      await rm(to, { recursive: true, force: true });
    }
  }
}

/** The runtime keeps a few of its own, with numbers too large for JavaScript. */
const OWN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'";

function readTables(file: string): Tables {
  const database = new DatabaseSync(file);
  try {
    const tables = database.prepare(OWN_TABLES).all();
    return Object.fromEntries(
      tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${String(name)}"`).all() as Row[]]),
    );
  } finally {
    database.close();
  }
}

/** The rows of the one vault in which a device stands. */
export async function vaultOf(broker: Broker, did: string): Promise<Tables> {
  const vaults = await readDatabases(broker, "vault");
  const found = vaults.find(({ devices }) => devices?.some((row) => row.did === did));
  if (!found) throw new Error("no vault knows this device");
  return found;
}

/** Every object of a broker by its file, with the hash of its rows: an object that goes to sleep writes other bytes. */
export async function fingerprint(broker: Broker): Promise<Record<string, string>> {
  const kinds = (await readdir(broker.objectsDir)).sort();
  const found = await Promise.all(kinds.map((kind) => tablesIn(join(broker.objectsDir, kind))));
  return Object.fromEntries(
    found.flatMap((tables, i) =>
      Object.entries(tables).map(([name, rows]) => {
        const hash = createHash("sha256").update(JSON.stringify(rows));
        return [`${kinds[i]}/${name}`, hash.digest("hex")];
      }),
    ),
  );
}

/** The file of the one vault there is. */
export async function vaultFileOf({ objectsDir }: Broker): Promise<string> {
  const folder = join(objectsDir, "jcfetch-vault");
  const files = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  if (files.length !== 1) throw new Error(`${files.length} vaults are there, not one`);
  return join(folder, files[0]!);
}
