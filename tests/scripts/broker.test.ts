import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { describe, expect, it } from "vitest";
import { newExtension, post } from "../support/clients.ts";
import { freePort } from "../support/free-port.ts";
import { LocalBroker } from "../support/local-broker.ts";
import { gone } from "../support/processes.ts";
import { BUILDS } from "./bin.ts";

const answers = async (url: string): Promise<boolean> =>
  post(url, "/v1/health").then(
    ({ status }) => status === 200,
    () => false,
  );

/** An extension that the local broker knows, by a code of its own command. */
async function enrolled(broker: LocalBroker, { url, bid }: { url: string | null; bid: string | null }) {
  const { stdout } = await broker.terminal.run("broker", "enrol");
  const code = (await decodeEnrolmentCode(stdout))!;
  expect(code).toMatchObject({ url, bid });
  const extension = await newExtension({ url: url!, bid: bid as BrokerId, now: Date.now });
  expect(await extension.enrol(code.token)).toMatchObject({ ok: true });
  return extension;
}

describe.each(BUILDS)("the local broker of the %s", (build) => {
  it("[LB1] [LB9] starts, says where, does nothing when it runs, stops, and comes back as the same one", async () => {
    await using broker = await LocalBroker.install({ build });
    expect(await broker.status()).toMatchObject({ running: false, url: null, bid: null, keys: "none" });
    const port = String(await freePort());
    const started = await broker.terminal.run("broker", "start", "--port", port);
    expect(started).toMatchObject({ code: 0, stdout: "" });
    expect(started.stderr).toContain(`The broker runs at http://127.0.0.1:${port} · id `);
    expect(started.stderr).toContain(
      "Its keys are in a file for you alone, ~/.local/state/jcfetch/broker/keys.json.",
    );
    const first = await broker.status();
    expect(first).toMatchObject({ running: true, orphaned: false, keys: "file", exposed: [], restarts: 0 });
    expect(first.rssBytes).toBeGreaterThan(10_000_000);

    const again = await broker.terminal.run("broker", "start");
    expect(again.stderr).toContain("The broker runs already");
    expect(await broker.status()).toMatchObject({ pid: first.pid, workerdPid: first.workerdPid });

    expect(await broker.stop()).toMatchObject({ code: 0, stdout: "" });
    await Promise.all([gone(first.pid!), gone(first.workerdPid!)]);
    expect(await answers(first.url!)).toBe(false);
    expect((await broker.stop()).stderr).toContain("No broker was running.");

    expect((await broker.terminal.run("broker", "start")).code).toBe(0);
    expect(await broker.status()).toMatchObject({ running: true, url: first.url, bid: first.bid });
  });

  it("[LB4] [EN1] makes enrolment codes that its broker takes", async () => {
    await using broker = await LocalBroker.install({ build });
    const unmade = await broker.terminal.run("broker", "enrol");
    expect(unmade).toMatchObject({ code: 10, stdout: "" });
    expect(unmade.stderr).toContain("→ start it: jcfetch broker start   [broker-unmade, exit 10]");
    await enrolled(broker, await broker.start());
  });

  it("says plainly that there is no workerd, and fetches none from anywhere", async () => {
    await using broker = await LocalBroker.install({ build, bare: true });
    const started = await broker.terminal.run("broker", "start");
    expect(started).toMatchObject({ code: 10, stdout: "" });
    expect(started.stderr).toContain("[no-workerd, exit 10]");
    expect(readdirSync(broker.terminal.home).sort()).toEqual([".local"]);
  });

  it("says so when what JCFETCH_WORKERD names is no program", async () => {
    await using broker = await LocalBroker.install({ build });
    broker.terminal.env.JCFETCH_WORKERD = broker.terminal.home;
    const started = await broker.terminal.run("broker", "start");
    expect(started).toMatchObject({ code: 10, stdout: "" });
    expect(started.stderr).toContain(`(looked at ${broker.terminal.home})`);
  });

  it("[LB2] does not call a file of keys one's own that others can open", async () => {
    await using broker = await LocalBroker.install({ build });
    expect((await broker.terminal.run("broker", "status")).stdout).toContain("· not made yet\n");
    await broker.start();
    await chmod(join(broker.stateDir, "keys.json"), 0o644);
    const { stdout } = await broker.terminal.run("broker", "status");
    expect(stdout).toContain("a file that others can open, ~/.local/state/jcfetch/broker/keys.json\n");
    expect(stdout).toContain("· EXPOSED\n");
  });

  it("says where its state cannot be written, and shows no log that is none", async () => {
    await using broker = await LocalBroker.install({ build });
    const above = join(broker.terminal.home, ".local/state/jcfetch");
    await mkdir(above, { recursive: true });
    await writeFile(join(above, "broker"), "a file, where the folder would be");
    const started = await broker.terminal.run("broker", "start");
    expect(started).toMatchObject({ code: 11, stdout: "" });
    expect(started.stderr).toContain("cannot write ~/.local/state/jcfetch/broker (EEXIST)");
    const logs = await broker.terminal.run("broker", "logs");
    expect(logs).toMatchObject({ code: 10, stdout: "" });
    expect(logs.stderr).toContain("[cannot-read, exit 10]");
  });
});

describe("the local broker", () => {
  it("[LB5] is back within seconds after workerd was killed, and has lost nothing", async () => {
    await using broker = await LocalBroker.install();
    const status = await broker.start();
    const extension = await enrolled(broker, status);
    process.kill(status.workerdPid!, "SIGKILL");
    await gone(status.workerdPid!);
    await expect.poll(() => answers(status.url!), { timeout: 60_000 }).toBe(true);
    const after = await broker.status();
    expect(after).toMatchObject({ running: true, pid: status.pid, bid: status.bid, restarts: 1 });
    expect((await extension.send("/v1/devices")).status).toBe(200);
    expect(await broker.log()).toContain('"event":"ended"');
  });

  it.each(["stop", "start"] as const)("[LB6] whose supervisor was killed is found by %s", async (act) => {
    await using broker = await LocalBroker.install();
    const before = await broker.start();
    process.kill(before.pid!, "SIGKILL");
    await gone(before.pid!);
    expect(await broker.status()).toMatchObject({ running: false, orphaned: true, pid: null });
    expect((await broker.terminal.run("broker", act)).code).toBe(0);
    await gone(before.workerdPid!);
    const after = await broker.status();
    expect(after).toMatchObject({ running: act === "start", orphaned: false, url: before.url });
    expect(await answers(before.url!)).toBe(act === "start");
  });

  it("[LB6] leaves a process alone that has the number of an old one", async () => {
    await using broker = await LocalBroker.install();
    const { pid, workerdPid } = await broker.start();
    process.kill(pid!, "SIGKILL");
    process.kill(workerdPid!, "SIGKILL");
    await Promise.all([gone(pid!), gone(workerdPid!)]);
    const path = join(broker.stateDir, "run.json");
    const run = JSON.parse(await readFile(path, "utf8")) as { workerd: { pid: number } };
    run.workerd.pid = process.pid;
    await writeFile(path, JSON.stringify(run));
    expect((await broker.stop()).stderr).toContain("No broker was running.");
  });

  it("[LB3] is one, also when it is started five times at once", async () => {
    await using broker = await LocalBroker.install();
    const port = String(await freePort());
    const start = () => broker.terminal.run("broker", "start", "--port", port);
    const started = await Promise.all([start(), start(), start(), start(), start()]);
    expect(started.map(({ code, stderr }) => (code === 0 ? "" : stderr))).toEqual(Array(5).fill(""));
    const { pid } = await broker.status();
    const held = JSON.parse(await readFile(join(broker.stateDir, "lock"), "utf8")) as { pid: number };
    expect(held.pid).toBe(pid);
    const starts = (await broker.log()).split("\n").filter((line) => line.includes('"event":"start"'));
    expect(starts).toHaveLength(1);
  });

  it("[LB8] does not touch state that a newer jcfetch has written", async () => {
    await using broker = await LocalBroker.install();
    await broker.start();
    await broker.stop();
    const path = join(broker.stateDir, "settings.json");
    const settings = JSON.stringify({
      ...(JSON.parse(await readFile(path, "utf8")) as object),
      version: 1_000,
    });
    await writeFile(path, settings);
    const refused = await broker.terminal.run("broker", "start");
    expect(refused).toMatchObject({ code: 10, stdout: "" });
    expect(refused.stderr).toContain("[state-newer, exit 10]");
    expect(await readFile(path, "utf8")).toBe(settings);
  });

  it("[LB8] is started anew by start when another version of it runs", async () => {
    await using broker = await LocalBroker.install();
    const before = await broker.start();
    const worker = join(broker.folder, "broker/worker.js");
    await writeFile(worker, `${await readFile(worker, "utf8")}\n// of tomorrow\n`);
    const stale = await broker.terminal.run("broker", "status");
    expect(stale.stdout).toContain("another one runs than is installed");
    const started = await broker.terminal.run("broker", "start");
    expect(started.stderr).toContain("The broker was started anew, at");
    const after = await broker.status();
    expect(after).toMatchObject({ running: true, url: before.url, bid: before.bid, build: after.ownBuild });
    expect(after.pid).not.toBe(before.pid);
  });

  it("[LB9] says that somebody else has its port, and takes no other", async () => {
    await using broker = await LocalBroker.install();
    const port = await freePort();
    const squatter = createServer().listen(port, "127.0.0.1");
    try {
      await new Promise((resolve) => squatter.once("listening", resolve));
      const refused = await broker.terminal.run("broker", "start", "--port", String(port));
      expect(refused).toMatchObject({ code: 10, stdout: "" });
      expect(refused.stderr).toContain(`something else listens on port ${port} of this computer`);
      expect(await broker.status()).toMatchObject({ running: false });
    } finally {
      squatter.close();
    }
    const running = await broker.start();
    const moved = await broker.terminal.run("broker", "start", "--port", String(port));
    expect(moved.stderr).toContain(`the broker runs at ${running.url} already`);
  });

  it.each([
    ["are damaged", (path: string) => writeFile(path, "{")],
    ["are gone", (path: string) => rm(path)],
  ])("[LB4] makes no new keys when its own %s", async (_, harm) => {
    await using broker = await LocalBroker.install();
    await broker.start();
    await broker.stop();
    const path = join(broker.stateDir, "keys.json");
    await harm(path);
    const before = existsSync(path) && readFileSync(path, "utf8");
    for (const act of ["start", "enrol"]) {
      const refused = await broker.terminal.run("broker", act);
      expect(refused).toMatchObject({ code: 10, stdout: "" });
      expect(refused.stderr).toContain("[state-damaged, exit 10]");
    }
    expect(existsSync(path) && readFileSync(path, "utf8")).toBe(before);
  });

  it("[LB4] goes on with its file when the keyring that was asked for is not there", async () => {
    await using broker = await LocalBroker.install();
    const before = await broker.start();
    const refused = await broker.terminal.run("broker", "start", "--keyring");
    expect(refused).toMatchObject({ code: 10 });
    expect(refused.stderr).toContain("[no-keyring, exit 10]");
    expect(await broker.status()).toMatchObject({ running: true, keys: "file", bid: before.bid });
  });

  it("[LB7] shows its log: paths and codes, never who, what or which role", async () => {
    await using broker = await LocalBroker.install();
    const status = await broker.start();
    await enrolled(broker, status);
    await post(status.url!, "/v1/canary-in-the-path", {
      body: { canary: 1 },
      headers: { "jc-user": "canary" },
    });
    const { stdout } = await broker.terminal.run("broker", "logs", "-n", "100");
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ path }) => path)).toContain("/v1/enrol");
    const fields = new Set(lines.flatMap((line) => Object.keys(line)));
    expect([...fields].sort()).toEqual(["at", "code", "event", "ms", "path", "status", "trace"]);
    expect(stdout).not.toContain("canary");
    const last = await broker.terminal.run("broker", "logs", "-n", "1");
    expect(last.stdout.trim().split("\n")).toHaveLength(1);
  });

  it("[LB7] shows new lines of its log as they come", async () => {
    await using broker = await LocalBroker.install();
    const { url } = await broker.start();
    const command = `exec "$@" >&2`;
    const words = [
      process.execPath,
      join(broker.folder, "jcfetch.mjs"),
      "broker",
      "logs",
      "--follow",
      "-n",
      "0",
    ];
    const following = broker.terminal.start(["/bin/sh", "-c", command, "sh", ...words]);
    let heard = false;
    const hearing = following.says(/"path":"\/v1\/keys"/).then(() => {
      heard = true;
    });
    const told = async (): Promise<boolean> => {
      await post(url!, "/v1/keys"); // the first ones may come before it listens
      return heard;
    };
    await expect.poll(told, { timeout: 60_000 }).toBe(true);
    await hearing;
    following.kill();
    await following.ended;
  });
});
