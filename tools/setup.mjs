/**
 * Puts everything in place that the scripts need: the npm packages of the lock file, and the programs of the system.
 * Runs on a plain Node 20 with nothing installed, so it imports only `node:` modules and is JavaScript.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = resolve(fileURLToPath(import.meta.url), "../..");
/** The Node that everything but this file and run.mjs runs on: the one of the lock file, not the machine's. */
export const NODE = join(ROOT, "node_modules/node/bin/node");

/** A system program as Debian packages it: the package's name, and a path that is there once it is installed. */
const SYSTEM_PACKAGES = {
  browser: [
    ["chromium", "/usr/bin/chromium"],
    ["firefox-esr", "/usr/bin/firefox-esr"],
    ["fonts-dejavu-core", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"],
  ],
  aws: [
    ["awscli", "/usr/bin/aws"],
    ["python3-boto3", "/usr/lib/python3/dist-packages/boto3/__init__.py"],
  ],
  shells: [
    ["zsh", "/usr/bin/zsh"],
    ["fish", "/usr/bin/fish"],
    ["tcsh", "/usr/bin/tcsh"],
    ["elvish", "/usr/bin/elvish"],
    ["xonsh", "/usr/bin/xonsh"],
    ["groff-base", "/usr/bin/groff"],
  ],
  tls: [["openssl", "/usr/bin/openssl"]],
  ssh: [
    ["openssh-client", "/usr/bin/ssh"],
    ["openssh-server", "/usr/sbin/sshd"],
    ["iproute2", "/usr/bin/ip"],
  ],
};

/**
 * Debian starts a server that it installs, and at every boot. So this one comes only where nothing starts services, as in a
 * container, and where the test that uses it can run at all; elsewhere that test says why it is skipped.
 */
const SERVERS = process.getuid?.() === 0 && !existsSync("/run/systemd/system") ? ["ssh"] : [];

/** What each entry point needs beside npm packages. One that is not listed needs only those. */
const NEEDS = {
  "tools/check.ts": ["shells"],
  "tools/test.ts": ["browser", "aws", "shells", "tls", ...SERVERS],
  "tools/hostile.ts": ["browser", "aws", "shells", "tls"],
  "tools/demo.ts": ["browser", "aws", "tls"],
  "tests/sim/serve.ts": ["tls"],
  "bench/run.ts": ["aws"],
};

const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a program quietly; shows what it wrote, and ends, only if it failed. */
function runQuietly(label, command, args, env = process.env) {
  const startedMs = Date.now();
  process.stderr.write(`setup: ${label} … `);
  const done = spawnSync(command, args, {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  if (done.status !== 0) {
    say("failed");
    say(`${done.stdout ?? ""}${done.stderr ?? ""}${done.error ? `${done.error.message}\n` : ""}`);
    say(`setup: \`${[command, ...args].join(" ")}\` failed; see above`);
    process.exit(1);
  }
  say(`${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
}

/**
 * Is what npm wrote down about `node_modules` what the lock file asks for? npm writes its own lock file last, so an
 * interrupted installation does not count.
 */
export function packagesAreInstalled(root = ROOT) {
  const held = join(root, "node_modules/.package-lock.json");
  if (!existsSync(held) || !existsSync(join(root, "node_modules/node/bin/node"))) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(held, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      !path.startsWith("node_modules/") ||
      optional ||
      devOptional ||
      peer ||
      (installed[path] !== undefined && installed[path].version === version),
  );
}

/** The environment without our own `node_modules/.bin` on the PATH: npm must not run on a Node that it is replacing. */
function machineEnvironment() {
  const own = join(ROOT, "node_modules");
  const path = (process.env.PATH ?? "").split(delimiter).filter((dir) => !dir.startsWith(own));
  return { ...process.env, PATH: path.join(delimiter) };
}

function installPackages() {
  if (packagesAreInstalled()) return;
  runQuietly(
    "installing npm packages",
    "npm",
    ["ci", "--no-audit", "--no-fund", "--loglevel=error"],
    machineEnvironment(),
  );
  if (existsSync(NODE)) return;
  say(
    "setup: npm did not run the install script of the package `node`. Allow install scripts for this project, then",
  );
  say("       remove node_modules and start again.");
  process.exit(1);
}

function installSystemPackages(groups) {
  const missing = groups
    .flatMap((group) => SYSTEM_PACKAGES[group])
    .filter(([, path]) => !existsSync(path))
    .map(([name]) => name);
  if (missing.length === 0) return;
  const isDebian = existsSync("/usr/bin/apt-get");
  const isAdministrator = process.getuid?.() === 0;
  if (!isDebian || !isAdministrator) {
    say(`setup: this needs programs that are not installed: ${missing.join(", ")}`);
    say(
      isDebian
        ? `  → sudo apt-get install ${missing.join(" ")}`
        : "  → the suites with browsers and AWS clients run on Debian or Ubuntu; `npm run check` runs without those",
    );
    process.exit(1);
  }
  const env = { ...machineEnvironment(), DEBIAN_FRONTEND: "noninteractive" };
  const quiet = ["-q", "-y", "-o", "DPkg::Lock::Timeout=300"];
  runQuietly("updating the package lists", "apt-get", ["update", ...quiet], env);
  runQuietly(
    `installing ${missing.join(", ")}`,
    "apt-get",
    ["install", ...quiet, "--no-install-recommends", ...missing],
    env,
  );
}

/** Everything that `entryPoint` (a path from the root, or "all") needs is installed when this returns. */
export function setUp(entryPoint) {
  installPackages();
  const everything = Object.keys(SYSTEM_PACKAGES).filter((group) => group !== "ssh");
  installSystemPackages(entryPoint === "all" ? [...everything, ...SERVERS] : (NEEDS[entryPoint] ?? []));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  setUp("all");
  say("setup: everything is in place");
}
