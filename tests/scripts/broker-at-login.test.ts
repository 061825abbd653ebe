import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LocalBroker } from "../support/local-broker.ts";

/** What a system's manager does, in a few lines: it starts what the unit says. */
const MANAGER = `#!/bin/sh
unit="$HOME/.config/systemd/user/jcfetch-broker.service"
[ "$1" = --user ] || exit 2
case "$2" in
  enable) touch "$HOME/enabled" ;;
  disable) rm "$HOME/enabled" ;;
  start) line=$(sed -n 's/^ExecStart=//p' "$unit"); setsid sh -c "exec $line" >/dev/null 2>&1 & ;;
  daemon-reload) ;;
  *) exit 3 ;;
esac
`;

/** A `systemctl` of our own: the system's speaks to the manager of whoever runs the tests. */
async function withManager(script: string): Promise<LocalBroker> {
  const broker = await LocalBroker.install({});
  const folder = join(broker.folder, "bin");
  await mkdir(folder);
  await writeFile(join(folder, "systemctl"), script);
  await chmod(join(folder, "systemctl"), 0o755);
  broker.terminal.env.PATH = `${folder}:${broker.terminal.env.PATH}`;
  return broker;
}

describe("the local broker at sign-in", () => {
  const unitOf = ({ terminal }: LocalBroker) =>
    join(terminal.home, ".config/systemd/user/jcfetch-broker.service");

  it("is started by the system until it is told not to, and stopped as any other", async () => {
    await using broker = await withManager(MANAGER);
    const status = await broker.start("--at-login");
    expect(status).toMatchObject({ running: true, atLogin: true, exposed: [] });
    expect(readFileSync(unitOf(broker), "utf8")).toContain(join(broker.folder, "broker/host.mjs"));
    expect(existsSync(join(broker.terminal.home, "enabled"))).toBe(true);

    const off = await broker.terminal.run("broker", "start", "--no-at-login");
    expect(off.code).toBe(0);
    expect(await broker.status()).toMatchObject({ running: true, atLogin: false, pid: status.pid });
    expect(existsSync(unitOf(broker)) || existsSync(join(broker.terminal.home, "enabled"))).toBe(false);

    expect((await broker.terminal.run("broker", "start", "--at-login")).code).toBe(0);
    const stopped = await broker.terminal.run("broker", "stop", "--at-login");
    expect(stopped.stderr).toBe(
      "It starts no more when you sign in.\nThe broker is stopped. Terminals wait until it is back.\n",
    );
    expect(await broker.status()).toMatchObject({ running: false, atLogin: false });
  });

  it("leaves nothing behind, and goes on as before, where the system takes no service", async () => {
    await using broker = await withManager("#!/bin/sh\nexit 1\n");
    const before = await broker.start();
    const refused = await broker.terminal.run("broker", "start", "--at-login");
    expect(refused).toMatchObject({ code: 10, stdout: "" });
    expect(refused.stderr).toContain("[no-service, exit 10]");
    expect(existsSync(unitOf(broker))).toBe(false);
    expect(existsSync(join(broker.terminal.home, ".config")), "a folder made for the unit").toBe(false);
    expect(await broker.status()).toMatchObject({ running: true, atLogin: false, bid: before.bid });
  });
});
