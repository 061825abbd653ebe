import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "@jcfetch/shared/secret";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { localConfig, SECRET_NAMES } from "../../worker/src/local/config.ts";
import { COMPATIBILITY_DATE, serve } from "../../worker/src/local/serve.ts";
import { WORKERD } from "../support/broker.ts";
import { post } from "../support/clients.ts";
import { S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const root = new URL("../../", import.meta.url);
const settings = {
  port: 0,
  module: "index.js",
  objectsDir: "objects",
  compatibilityDate: COMPATIBILITY_DATE,
};

/** Ports that a process listens on, from the kernel's own table. */
async function listeningPorts(pid: number): Promise<number[]> {
  const inodes = new Set<string>();
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode) inodes.add(inode);
  }
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8")),
  );
  const LISTEN = "0A";
  return tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === LISTEN && inodes.has(columns[9]!))
    .map((columns) => Number.parseInt(columns[1]!.split(":")[1]!, 16));
}

describe("a broker on this host", () => {
  it("[HT4] listens on one port of the loopback and nowhere else", async () => {
    expect(await listeningPorts(world.broker.pid)).toEqual([Number(new URL(world.broker.url).port)]);
    const table = await readFile(`/proc/${world.broker.pid}/net/tcp`, "utf8");
    const port = Number(new URL(world.broker.url).port).toString(16).toUpperCase().padStart(4, "0");
    expect(table).toContain(`0100007F:${port}`);
  });

  it("[EV6] keeps what it has in folders of its owner alone, and its keys in no argument", async () => {
    const { stateDir, pid, keys } = world.broker;
    expect((await stat(stateDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(stateDir, "keys.json"))).mode & 0o777).toBe(0o600);
    const argv = await readFile(`/proc/${pid}/cmdline`, "utf8");
    const config = await readFile(join(stateDir, "broker.capnp"), "utf8");
    for (const name of SECRET_NAMES) {
      const value = keys[name].reveal();
      const secret = value.startsWith("{") ? (JSON.parse(value) as { d: string }).d : value;
      expect(argv).not.toContain(secret);
      expect(config).not.toContain(secret);
    }
  });

  it("[PF5] [CR1] goes on where it was after a stop", async () => {
    const device = await world.pairedDevice();
    const body = JSON.stringify({ grant: device.grant });
    const headers = await device.prove("/v1/envelope", body);
    expect((await post(world.broker.url, "/v1/envelope", { headers, body })).status).toBe(200);
    await world.broker.restart();
    expect((await post(world.broker.url, "/v1/envelope", { headers, body })).code).toBe("replay");
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });

  it("[CR8] may call the internet but nothing near it, when it runs for real", () => {
    const config = localConfig({ ...settings, egress: { kind: "internet" } });
    expect(config).toContain(`network = (allow = ["public"]`);
    expect(config).not.toContain("external");
  });

  it("[HT10] with wrong settings names them in its log, and answers nothing but that it failed", async () => {
    const { path: bundle } = await ensureBuilt("worker");
    const { keys, stateDir } = world.broker;
    const output: string[] = [];
    const serving = await serve({
      workerd: WORKERD,
      bundle,
      stateDir: join(stateDir, "wrong"),
      port: 0,
      egress: { kind: "loopback", port: 9 },
      secrets: { ...keys, BROKER_ROOT_KEY: new Secret("canary"), ENROLMENT_KEY: new Secret("") },
      onOutput: (text) => output.push(text),
    });
    try {
      const answer = await fetch(`http://127.0.0.1:${serving.port}/v1/health`, { method: "POST" });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      const { trace, ...problem } = (await answer.json()) as Record<string, unknown>;
      expect(output.join("")).toContain(`"trace":"${trace}"`);
      const type = "https://jcfetch.dev/problems/internal";
      expect(problem).toEqual({ type, title: "the broker failed", status: 500, code: "internal" });
    } finally {
      await serving.stop();
    }
    expect(output.join("")).toContain('"wrongSettings":["BROKER_ROOT_KEY","ENROLMENT_KEY"]');
    expect(output.join("")).not.toContain("canary");
  });
});

describe("the Worker to deploy", () => {
  it("[CR8] has the compatibility date of the local broker and needs no Node compatibility", async () => {
    const toml = await readFile(new URL("wrangler.toml", root), "utf8");
    expect(toml).toContain(`compatibility_date = "${COMPATIBILITY_DATE}"`);
    expect(toml).not.toContain("nodejs_compat");
  });

  it("[HT10] is what `wrangler deploy --dry-run` makes, with every object and no source of anything else", async () => {
    const { path } = await ensureBuilt("worker");
    const bundle = await readFile(path, "utf8");
    for (const name of ["Vault", "Mailbox", "Ticket"]) expect(bundle).toMatch(new RegExp(`\\b${name}\\b`));
    expect(bundle).not.toMatch(/\beval\(|new Function\(|"\/clock"/);
  });
});
