import { existsSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exposedIn, stateFiles } from "../../worker/src/local/files.ts";
import {
  fileStore,
  keyringStore,
  loadOrMake,
  moveSecrets,
  NoKeyring,
} from "../../worker/src/local/key-store.ts";
import { secretsText } from "../../worker/src/local/keys.ts";
import { holderOf, takeLock } from "../../worker/src/local/lock.ts";
import { allowed, BrokerLog } from "../../worker/src/local/log.ts";
import { markOf } from "../../worker/src/local/process-mark.ts";
import { STATE_VERSION } from "../../worker/src/local/version.ts";
import { readDatabases } from "../support/databases.ts";
import { startWorld } from "../support/world.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jcfetch-host-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the broker's keys in a file", () => {
  const place = () => join(folder, "state/keys.json");

  it("[LB4] are made once, for their owner alone, and read again", async () => {
    const made = await loadOrMake(fileStore(place()));
    expect(statSync(place()).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "state")).mode & 0o777).toBe(0o700);
    expect(secretsText(await loadOrMake(fileStore(place())))).toBe(secretsText(made));
    expect(await readdir(join(folder, "state"))).toEqual(["keys.json"]);
  });

  it.each(["", "{", "{}", '{"BROKER_SIGNING_KEY":""}', "null"])(
    "[LB4] that read %j are never replaced by new ones",
    async (text) => {
      await mkdir(join(folder, "state"));
      await writeFile(place(), text);
      await expect(loadOrMake(fileStore(place()))).rejects.toThrow("damaged");
      expect(readFileSync(place(), "utf8")).toBe(text);
    },
  );

  it("[LB4] leave the file for a keyring only when that gives them back", async () => {
    const from = fileStore(place());
    const made = await loadOrMake(from);
    const forgetful = { ...from, save: async () => undefined, load: async () => undefined };
    await expect(moveSecrets(from, forgetful)).rejects.toThrow(NoKeyring);
    expect(existsSync(place())).toBe(true);
    const to = fileStore(join(folder, "other.json"));
    await moveSecrets(from, to);
    expect(secretsText((await to.load())!)).toBe(secretsText(made));
    expect(existsSync(place())).toBe(false);
  });

  it("[LB4] a keyring that is not there says so, from every call", async () => {
    const store = keyringStore(folder, folder);
    await expect(store.load()).rejects.toThrow(NoKeyring);
    await expect(loadOrMake(store)).rejects.toThrow(NoKeyring);
  });
});

describe("the lock of a state folder", () => {
  const path = () => join(folder, "lock");

  it("[LB3] has one holder, whom the next one is told", async () => {
    const release = await takeLock(path());
    if (typeof release !== "function") throw new Error("taken");
    expect(await takeLock(path())).toMatchObject({ pid: process.pid });
    await release();
    expect(await holderOf(path())).toBeUndefined();
    expect(typeof (await takeLock(path()))).toBe("function");
    expect(await readdir(folder)).toEqual(["lock"]);
  });

  it("[LB3] of a process that has ended, or whose number is another's by now, holds nobody up", async () => {
    for (const mark of [
      { pid: 2 ** 22 + 1, started: "x" },
      { pid: process.pid, started: "before the last boot" },
    ]) {
      await writeFile(path(), JSON.stringify(mark));
      const release = await takeLock(path());
      if (typeof release !== "function") throw new Error("taken");
      await release();
    }
  });

  it("[LB3] goes to one of many that find a stale one at once", async () => {
    await writeFile(path(), JSON.stringify({ pid: 2 ** 22 + 1, started: "x" }));
    const taken = await Promise.all(Array.from({ length: 40 }, () => takeLock(path())));
    expect(taken.filter((one) => typeof one === "function")).toHaveLength(1);
    expect(await markOf(process.pid)).toEqual(await holderOf(path()));
  });
});

describe("the broker's log", () => {
  it.each([
    ['{"path":"/v1/health","status":200,"code":"ok","ms":1,"trace":"abcDEF-_1234"}', 5],
    ['{"path":"/v1/health","status":200,"token":"canary"}', 2],
    ['{"path":{"a":"canary"},"status":200}', 1],
    ['{"code":"canary\\u001b[2J canary"}', 0],
    ['{"token":"canary"}', 0],
    ["canary", 0],
    ["{canary", 0],
    ["workerd/io/worker.c++:2345: error: uncaught exception; exception = canary", 3],
  ])("[LB7] keeps of %j only the fields on its list", (text, fields) => {
    const line = allowed(text) ?? {};
    expect(Object.keys(line)).toHaveLength(fields);
    expect(JSON.stringify(line)).not.toContain("canary");
  });

  it("[LB7] is bounded, and of its owner alone", async () => {
    const path = join(folder, "broker.log");
    const log = new BrokerLog(path);
    const line = `${JSON.stringify({ path: "/v1/health", status: 200, trace: "x".repeat(60) })}\n`;
    for (let i = 0; i < 150; i++) log.hear(line.repeat(200));
    for (const name of [path, `${path}.1`]) {
      expect(statSync(name).size).toBeLessThan(1_010_000);
      expect(statSync(name).mode & 0o777).toBe(0o600);
    }
    expect((await readdir(folder)).sort()).toEqual(["broker.log", "broker.log.1"]);
  });

  it("[LB7] puts a line together that came in pieces", async () => {
    const log = new BrokerLog(join(folder, "broker.log"));
    log.hear('{"path":"/v1/he');
    log.hear('alth","status":200}\n{"path":');
    const text = await readFile(join(folder, "broker.log"), "utf8");
    expect(text).toMatch(/^\{"at":"[^"]+","path":"\/v1\/health","status":200\}\n$/);
  });
});

describe("the state of a local broker", () => {
  it("[LB2] names everything that others can open", async () => {
    await chmod(folder, 0o700);
    await mkdir(join(folder, "objects"), { mode: 0o700 });
    await writeFile(join(folder, "keys.json"), "x", { mode: 0o600 });
    expect(await exposedIn(folder)).toEqual([]);
    await chmod(join(folder, "keys.json"), 0o640);
    await chmod(folder, 0o755);
    expect(await exposedIn(folder)).toEqual([folder, stateFiles(folder).keys]);
  });

  it("[LB8] has a version that rises with every step of a vault's schema", async () => {
    await using world = await startWorld();
    await world.enrolledUser();
    const tables = await readDatabases(world.broker, "vault");
    const steps = tables.flatMap((vault) => vault.schema_steps ?? []);
    expect(steps).toHaveLength(STATE_VERSION);
  });
});
