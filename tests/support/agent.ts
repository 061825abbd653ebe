import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

/** The agent of one terminal, as anybody with its socket can talk to it. */
export class AgentAt {
  /** What stands in XDG_RUNTIME_DIR. */
  readonly runtimeDir: string;
  readonly socket: string;

  constructor(runtimeDir: string) {
    this.runtimeDir = runtimeDir;
    this.socket = join(runtimeDir, "jcfetch/agent.sock");
  }

  say(bytes: string): Promise<string> {
    return say(this.socket, bytes);
  }

  /** `undefined` where none runs. */
  async status(): Promise<{ pid: number; rssBytes: number; locked: boolean; roles: object[] } | undefined> {
    const heard = await this.say('{"v":1,"op":"status"}\n').catch(() => "");
    return heard === "" ? undefined : (JSON.parse(heard) as { status: never }).status;
  }

  async pid(): Promise<number> {
    const status = await this.status();
    if (!status) throw new Error("no agent runs");
    return status.pid;
  }

  /** It has no parent that would wait for it, so the process table is what tells. */
  async kill(): Promise<void> {
    const status = await this.status();
    if (!status) return;
    process.kill(status.pid, "SIGKILL");
    while (isAlive(status.pid)) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Send these bytes; resolves with everything that comes back until the end. Rejects where nobody listens. */
export function say(path: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket = connect(path, () => socket.write(bytes));
    socket.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(heard));
  });
}

export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/cmdline`) && !isZombie(pid);

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}
