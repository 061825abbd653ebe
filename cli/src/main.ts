#!/usr/bin/env node
import { openSync, readFileSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { errnoOf } from "./config/files.ts";
import { removeLeftovers } from "./config/leftovers.ts";
import { EXIT, fail } from "./exit.ts";
import type { Host } from "./host.ts";
import { openIo } from "./io.ts";
import { openNetwork } from "./net/network.ts";
import { isProxyVariable } from "./net/proxy.ts";
import { inForeground, onSignals, suspend } from "./process-signals.ts";
import { isTerminal, lazily, printer } from "./process-streams.ts";
import { run } from "./run.ts";

/** The only file that touches the process: it fills in the host, and ends. What few commands need is looked up by them. */

const os = lazily(() => process.getBuiltinModule("node:os"));
/** [CF1] Kept for ourselves: the executable's own `fetch` would send calls to this very computer through a proxy, too. */
function withoutProxies(): NodeJS.ProcessEnv {
  const proxies = Object.keys(process.env).filter(isProxyVariable);
  const whole = proxies.length === 0 ? process.env : { ...process.env };
  for (const name of proxies) delete process.env[name];
  return whole;
}

const env = withoutProxies();

/** A reader that has enough (`jcfetch … | head -1`) is no failure of ours, and nothing is left to say it to. */
function endOutput(error: Error): never {
  const errno = errnoOf(error);
  if (errno === "EPIPE") process.exit(EXIT.ok);
  const failure = fail(
    "cannot-write",
    `cannot write to standard output (${errno})`,
    "send it to where there is room, then run the command again",
  );
  host.io.fail(failure, process.argv.includes("--json"));
  process.exit(failure.exit);
}

function userName(): string {
  try {
    return os().userInfo().username;
  } catch {
    return env.USER ?? ""; // a user without a row in the password file, as in many containers
  }
}

/** Its name alone: its arguments may hold anything. Empty where the system does not tell. */
function parentName(): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${process.ppid}/comm`, "utf8").trim();
    if (process.platform === "win32") return "";
    const { execFileSync } = process.getBuiltinModule("node:child_process");
    const listed = execFileSync("/bin/ps", ["-o", "comm=", "-p", String(process.ppid)], { encoding: "utf8" });
    return basename(listed.trim());
  } catch {
    return "";
  }
}

function directory(): string {
  try {
    return process.cwd();
  } catch {
    return ""; // it was removed
  }
}

/** The person's own terminal, also where the three streams lead elsewhere, as under a credential_process. */
function openTerminal(): ((text: string) => void) | undefined {
  try {
    const fd = openSync(process.platform === "win32" ? "\\\\.\\CONOUT$" : "/dev/tty", "w");
    return (text) => void writeSync(fd, text);
  } catch {
    return undefined;
  }
}

/** The standalone executable carries its script inside; otherwise it is Node that must be told which script. */
function self(): readonly string[] {
  const script = process.argv[1] ?? "";
  return script === "" || /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN)/i.test(script)
    ? [process.execPath]
    : [process.execPath, script];
}

const network = openNetwork(() => host);
const host: Host = {
  env,
  platform: process.platform,
  home: env.HOME || os().homedir(),
  uid: process.getuid?.(),
  pid: process.pid,
  get hostName() {
    return os().hostname();
  },
  get userName() {
    return userName();
  },
  get system() {
    return `${os().type()} ${os().release()}`;
  },
  parentName,
  directory: directory(),
  self: self(),
  onSignals,
  inForeground,
  suspend,
  now: Date.now,
  ...network,
  io: openIo({
    get stdin() {
      return process.stdin;
    },
    stdout: printer(endOutput),
    get stderr() {
      return process.stderr;
    },
    isTerminal,
    endOutput,
    openTerminal,
    plain: Boolean(env.NO_COLOR) || env.TERM === "dumb",
  }),
};

const STDIN = 0;

/** Told to end, it does so as any program, and leaves no lock, no half a file and no silent terminal behind. */
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    removeLeftovers();
    if (isTerminal(STDIN) && process.stdin.isRaw) process.stdin.setRawMode(false);
    process.kill(process.pid, signal);
  });
}

/** A bug. Its kind and place help to find it; its message might quote what it choked on. */
function confess(error: unknown): never {
  const where = error instanceof Error ? `${error.name} ${error.stack?.split("\n")[1]?.trim() ?? ""}` : "";
  process.stderr.write(
    `jcfetch: a mistake in jcfetch itself (${where})\n  → please report it   [bug, exit 1]\n`,
  );
  process.exit(EXIT.bug);
}

run(process.argv.slice(2), host).then((code) => process.exit(code), confess);
