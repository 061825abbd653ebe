import { execFile, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { JCFETCH, Running } from "./terminal.ts";

const run = promisify(execFile);
const SSHD = "/usr/sbin/sshd";

/** A network of its own, whose only interface is a loopback of its own. Needs an administrator. */
const OWN_NETWORK = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

/** Why there can be no second host here, or `undefined`. */
export function whyNoRemoteHost(): string | undefined {
  if (!existsSync(SSHD)) return "needs sshd";
  const tried = spawnSync(OWN_NETWORK[0]!, [...OWN_NETWORK.slice(1), "true"]);
  return tried.status === 0 ? undefined : "needs the right to make a network namespace";
}

/**
 * A second host: a real `sshd` in a network of its own, reached through a pipe, with a person's empty home. No socket of
 * this machine can be reached from there but what `forward` brings. It ends with the connection.
 */
export class RemoteHost {
  readonly home: string;
  readonly #folder: string;
  readonly #forwards = new Map<number, string>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.home = join(folder, "home");
  }

  static async open(): Promise<RemoteHost> {
    const folder = await mkdtemp(join(tmpdir(), "jcfetch-ssh-"));
    const host = new RemoteHost(folder);
    mkdirSync(host.home);
    // Where sshd shuts its unprivileged part in; Debian's service makes it at start-up, and there is no service here.
    mkdirSync("/run/sshd", { recursive: true });
    for (const key of ["host-key", "user-key"])
      await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, key)]);
    await writeFile(join(folder, "authorized"), await readFile(join(folder, "user-key.pub")));
    await writeFile(join(folder, "known"), `remote ${await readFile(join(folder, "host-key.pub"), "utf8")}`);
    await writeFile(join(folder, "sshd_config"), host.#serverSettings());
    await writeFile(join(folder, "ssh_config"), host.#clientSettings());
    await host.#connect();
    return host;
  }

  #serverSettings(): string {
    return [
      `HostKey ${join(this.#folder, "host-key")}`,
      `AuthorizedKeysFile ${join(this.#folder, "authorized")}`,
      "AuthenticationMethods publickey",
      "PermitRootLogin prohibit-password",
      "StrictModes no",
      "UsePAM no",
      "AllowTcpForwarding remote",
      "AllowStreamLocalForwarding remote",
      "StreamLocalBindUnlink yes",
      "PidFile none",
      "",
    ].join("\n");
  }

  #clientSettings(): string {
    const server = [...OWN_NETWORK.map(shellQuoted), SSHD, "-i", "-f", join(this.#folder, "sshd_config")];
    return [
      "Host remote",
      `  ProxyCommand ${server.join(" ")}`,
      `  User ${userInfo().username}`,
      `  IdentityFile ${join(this.#folder, "user-key")}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${join(this.#folder, "known")}`,
      "  GlobalKnownHostsFile none",
      "  StrictHostKeyChecking yes",
      "  BatchMode yes",
      "  LogLevel ERROR",
      `  ControlPath ${join(this.#folder, "control")}`,
      "",
    ].join("\n");
  }

  get #ssh(): readonly string[] {
    return ["-F", join(this.#folder, "ssh_config")];
  }

  /** One connection, in the background, that every later command goes through: one network for all of them. */
  async #connect(): Promise<void> {
    const master = spawn("ssh", [...this.#ssh, "-M", "-N", "-f", "remote"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    master.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    // With -f the parent ends when the connection stands; the child keeps stderr open, so "close" would never come.
    const code = await new Promise<number | null>((resolve) => master.once("exit", resolve));
    master.stderr.destroy();
    if (code !== 0) throw new Error(`ssh to the second host failed: ${said}`);
  }

  /** `ssh -R`: a port of the second host's loopback leads to `port` of ours. @param at which one; any free one if 0. */
  async forward(port: number, at = 0): Promise<number> {
    const asked = `127.0.0.1:${at}:127.0.0.1:${port}`;
    const { stdout } = await run("ssh", [...this.#ssh, "-O", "forward", "-R", asked, "remote"]);
    const given = at === 0 ? Number(stdout.trim()) : at;
    this.#forwards.set(given, asked);
    return given;
  }

  /** `ssh -R` for a socket. @returns where it is over there, in the person's home. */
  async forwardSocket(path: string): Promise<string> {
    const there = join(this.home, ".jcfetch.sock");
    await run("ssh", [...this.#ssh, "-O", "forward", "-R", `${there}:${path}`, "remote"]);
    return there;
  }

  /** Take away what leads on from port `at` of the second host. */
  async stopForward(at: number): Promise<void> {
    // ssh knows a forward by the words in which it was asked for.
    await run("ssh", [...this.#ssh, "-O", "cancel", "-R", this.#forwards.get(at)!, "remote"]);
  }

  /**
   * Start a program over there, with nothing in its environment but its home and what SSH says of the connection.
   *
   * @param terminal it gets a terminal of its own: all that it writes comes as one, on standard output
   * @param agent without one each command does its own work: what is tested over there is the way to the broker
   */
  start(command: readonly string[], { terminal = false, agent = "off" } = {}): Running {
    const settings = ["USER=ana", "LANG=C.UTF-8", "AWS_EC2_METADATA_DISABLED=true", `JCFETCH_AGENT=${agent}`];
    const env = [`HOME=${this.home}`, ...settings];
    const line = `exec env -i ${env.map(shellQuoted).join(" ")} PATH="$PATH" SSH_CONNECTION="$SSH_CONNECTION" ${command.map(shellQuoted).join(" ")}`;
    const tty = terminal ? ["-tt"] : ["-T"];
    return new Running(spawn("ssh", [...this.#ssh, ...tty, "remote", line], { stdio: "pipe" }));
  }

  jcfetch(...args: string[]): Running {
    return this.start([process.execPath, JCFETCH.bundle, ...args]);
  }

  /** As a person who sits at it: `ssh -t`. */
  onTerminal(...args: string[]): Running {
    return this.start([process.execPath, JCFETCH.bundle, ...args], { terminal: true });
  }

  /** Run `jcfetch` over there to its end, with nothing on its standard input. */
  run(...args: string[]): Running["ended"] {
    const running = this.jcfetch(...args);
    running.closeInput();
    return running.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run("ssh", [...this.#ssh, "-O", "exit", "remote"]).catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const shellQuoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
