import { statSync } from "node:fs";
import { chmod, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.ts";
import { LocalBroker } from "../support/local-broker.ts";
import { gone } from "../support/processes.ts";
import { JCFETCH } from "../support/terminal.ts";
import { BUILDS } from "./bin.ts";

describe.each(BUILDS)("the local broker of the %s, where something is not as it should be,", (build) => {
  it("[LB2] takes from others what they could open, and says what follows for its keys", async () => {
    await using broker = await LocalBroker.install({ build });
    const before = await broker.start();
    const keys = join(broker.stateDir, "keys.json");
    for (const running of [true, false]) {
      if (!running) await broker.stop();
      await chmod(keys, 0o644);
      const { code, stderr } = await broker.terminal.run("broker", "start");
      expect(code).toBe(0);
      expect(stderr).toContain(
        "Others could open ~/.local/state/jcfetch/broker/keys.json; now only you can.",
      );
      expect(stderr).toContain("→ for new keys: jcfetch broker stop; remove ~/.local/state/jcfetch/broker;");
      expect(stderr).toContain("a file for you alone");
      expect(statSync(keys).mode & 0o777).toBe(0o600);
    }
    expect(await broker.status()).toMatchObject({ running: true, exposed: [], bid: before.bid });
    expect((await broker.terminal.run("broker", "start")).stderr).not.toContain("Others");
  });

  it("[LB9] says what another port means for those who know it, and how to go back", async () => {
    await using broker = await LocalBroker.install({ build });
    const before = await broker.start();
    await broker.stop();
    const { code, stderr } = await broker.terminal.run("broker", "start", "--port", String(await freePort()));
    expect(code).toBe(0);
    expect(stderr).toContain(`It was at ${before.url} before: an extension or terminal that knows it there`);
    const { port } = new URL(before.url!);
    expect(stderr).toContain(`jcfetch broker stop; then jcfetch broker start --port ${port}\n`);
    await broker.stop();
    expect((await broker.terminal.run("broker", "start")).stderr).not.toContain("before");
  });

  it("gives 3 for its status when it does not run, as other managers of services do", async () => {
    await using broker = await LocalBroker.install({ build });
    expect(await broker.terminal.run("broker", "status")).toMatchObject({ code: 3, stderr: "" });
    await broker.start();
    expect((await broker.terminal.run("broker", "status")).code).toBe(0);
    await broker.stop();
    const { code, stdout } = await broker.terminal.run("broker", "status");
    expect([code, stdout]).toEqual([3, expect.stringContaining("not running: jcfetch broker start")]);
  });

  it("[LB6] loses nothing with a damaged note of what runs, and says how to go on", async () => {
    await using broker = await LocalBroker.install({ build });
    const before = await broker.start();
    const note = join(broker.stateDir, "run.json");
    await writeFile(note, "{");
    const refused = await broker.terminal.run("broker", "start");
    expect(refused).toMatchObject({ code: 10, stdout: "" });
    expect(refused.stderr).toContain("→ nothing is lost, it is written anew: jcfetch broker stop; then");
    expect((await broker.stop()).code).toBe(0);
    await Promise.all([gone(before.pid!), gone(before.workerdPid!)]);
    await writeFile(note, "{");
    expect((await broker.stop()).stderr).toContain("No broker was running.");
    expect((await broker.terminal.run("broker", "start")).code).toBe(0);
    expect(await broker.status()).toMatchObject({ running: true, url: before.url, bid: before.bid });
  });

  it.each([
    ["exit 7", 7],
    ["kill -KILL $$", "SIGKILL"],
  ])("says and writes down how workerd ended that does not start: %s", async (act, exit) => {
    await using broker = await LocalBroker.install({ build });
    const program = join(broker.folder, "not-workerd");
    await writeFile(program, `#!/bin/sh\n${act}\n`);
    await chmod(program, 0o755);
    broker.terminal.env.JCFETCH_WORKERD = program;
    const { code, stderr } = await broker.terminal.run("broker", "start", "--port", String(await freePort()));
    expect(code).toBe(7);
    expect(stderr).toContain(`the broker did not start: workerd ended with ${exit} before it listened`);
    const logs = await broker.terminal.run("broker", "logs");
    expect(JSON.parse(logs.stdout)).toMatchObject({ event: "not started", exit });
  });

  it("says how its program ended that said nothing", async () => {
    await using broker = await LocalBroker.install({ build });
    await writeFile(join(broker.folder, "broker/host.mjs"), "process.exit(70);\n");
    const { code, stderr } = await broker.terminal.run("broker", "start");
    expect(code).toBe(7);
    expect(stderr).toContain("the broker's program ended with 70");
    expect(stderr).toContain("put jcfetch and its broker folder in place anew   [broker-failed, exit 7]");
    await copyFile(join(JCFETCH.bundle, "../broker/host.mjs"), join(broker.folder, "broker/host.mjs"));
  });
});
