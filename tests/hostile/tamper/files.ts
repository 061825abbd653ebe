import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Broker } from "../../support/broker.ts";

/** All databases of a broker that does not run, as they were at one moment. */
export class Snapshot {
  readonly #broker: Broker;
  readonly #copy: string;

  private constructor(broker: Broker, copy: string) {
    this.#broker = broker;
    this.#copy = copy;
  }

  /** Stops the broker; its logs are folded into the databases, so that each is one file. */
  static async take(broker: Broker, name: string): Promise<Snapshot> {
    await broker.kill();
    for (const file of await databasesIn(broker.objectsDir)) {
      const database = new DatabaseSync(join(broker.objectsDir, file));
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      database.close();
    }
    const copy = join(broker.stateDir, `snapshot-${name}`);
    await cp(broker.objectsDir, copy, { recursive: true });
    return new Snapshot(broker, copy);
  }

  /** As it was, the broker being stopped. */
  async restore(): Promise<void> {
    const { objectsDir } = this.#broker;
    await rm(objectsDir, { recursive: true });
    await cp(this.#copy, objectsDir, { recursive: true });
  }

  /** One file as it was; the rest stays as it is now. */
  async restoreFile(file: string, as = file): Promise<void> {
    const { objectsDir } = this.#broker;
    for (const end of ["-wal", "-shm"]) await rm(join(objectsDir, as + end), { force: true });
    await cp(join(this.#copy, file), join(objectsDir, as));
  }
}

/** Names of all databases below a folder, as `jcfetch-vault/<id>.sqlite`. */
export async function databasesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".sqlite")).sort();
}
