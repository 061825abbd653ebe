import { join } from "node:path";
import { HostCode, type HostStatus } from "@jcfetch/shared/local-broker";
import { ok, type Result } from "@jcfetch/shared/result";
import type { BrokerCommand } from "../args.ts";
import { isAtLogin, removeAtLogin } from "../broker/at-login.ts";
import { brokerStatus, type Started, type StartFlags, startBroker, stopBroker } from "../broker/broker.ts";
import { askHost } from "../broker/host-program.ts";
import { showLog } from "../broker/log.ts";
import { shown } from "../config/paths.ts";
import { type Ending, EXIT, type Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { columns } from "../table.ts";
import { count, duration, mebibytes } from "../when.ts";

/** The local broker: a broker on this computer, for nobody but this user. */
export function broker(command: BrokerCommand, json: boolean, host: Host): Promise<Result<Ending, Failure>> {
  switch (command.act) {
    case "start":
      return start(command, json, host);
    case "stop":
      return stop(command.atLogin === true, host);
    case "status":
      return status(json, host);
    case "enrol":
      return enrol(json, host);
    case "logs":
      return showLog(command, host);
  }
}

async function start(flags: StartFlags, json: boolean, host: Host): Promise<Result<null, Failure>> {
  host.io.progress("starting the broker …");
  const started = await startBroker(flags, host);
  host.io.progress("");
  if (!started.ok) return started;
  const { value } = started;
  if (json) await host.io.out(`${JSON.stringify(value.status)}\n`);
  const words = {
    stopped: "The broker runs at",
    running: "The broker runs already, at",
    replaced: "The broker was started anew, at",
  };
  host.io.note(`${words[value.was]} ${value.status.url} · id ${value.status.bid}`);
  host.io.note(`Its keys are in ${keysWords(value.status, host)}.`);
  warn(value, host);
  if (await isAtLogin(host)) host.io.note("It starts whenever you sign in to this computer.");
  host.io.note("Next: jcfetch setup, which connects extension and terminal; or jcfetch broker enrol");
  return ok(null);
}

/** What a start has changed or found that its owner would not expect. */
export function warn({ movedFrom, narrowed, status }: Started, { io, home }: Host): void {
  if (movedFrom !== undefined) {
    const back = `jcfetch broker stop; then jcfetch broker start --port ${new URL(movedFrom).port}`;
    io.note(`It was at ${movedFrom} before: an extension or terminal that knows it there does not find it.`);
    io.note(`  → back to where it was: ${back}`);
    io.note("  → to stay here: connect the extension anew, and pair each terminal again");
  }
  if (narrowed.length > 0) {
    const first = shown(narrowed[0]!, home);
    const rest = narrowed.length === 1 ? "" : ` and ${count(narrowed.length - 1, "more file")} of its state`;
    io.note(`Others could open ${first}${rest}; now only you can.`);
  }
  if (narrowed.includes(keysFile(status))) {
    const folder = shown(status.stateDir, home);
    io.note("Its keys were among that, so others of this computer may have read them.");
    io.note(`  → for new keys: jcfetch broker stop; remove ${folder}; then jcfetch setup, and pair anew`);
  }
}

const keysFile = ({ stateDir }: HostStatus): string => join(stateDir, "keys.json");

async function stop(atLogin: boolean, host: Host): Promise<Result<null, Failure>> {
  if (atLogin) {
    const removed = await removeAtLogin(host);
    host.io.note(
      removed
        ? "It starts no more when you sign in."
        : "It was not started at sign-in, so that stays as it is.",
    );
  }
  const stopped = await stopBroker(host);
  if (!stopped.ok) return stopped;
  host.io.note(
    stopped.value ? "The broker is stopped. Terminals wait until it is back." : "No broker was running.",
  );
  return ok(null);
}

/** @returns 3 when it does not run. @source systemctl(1) and the LSB's init scripts: what `status` gives for that */
async function status(json: boolean, host: Host): Promise<Result<Ending, Failure>> {
  const looked = await brokerStatus(host);
  if (!looked.ok) return looked;
  const atLogin = await isAtLogin(host);
  if (json) await host.io.out(`${JSON.stringify({ ...looked.value, atLogin })}\n`);
  else await host.io.out(inWords(looked.value, atLogin, host));
  return ok(looked.value.running ? null : EXIT.notPaired);
}

function inWords(status: HostStatus, atLogin: boolean, host: Host): string {
  const { running, orphaned, sinceMs, pid, workerdPid, rssBytes, restarts, exposed } = status;
  const since = sinceMs === null ? "" : `for ${duration(host.now() - sinceMs)}`;
  const memory = rssBytes === null ? [] : [mebibytes(rssBytes)];
  const processes = [`supervisor ${pid}`, `workerd ${workerdPid}`, ...memory, count(restarts, "restart")];
  const stands = running
    ? `running ${since}`
    : `${orphaned ? "without its supervisor" : "not running"}: jcfetch broker start`;
  const standing =
    status.url === null ? "not made yet" : exposed.length === 0 ? "open to you alone" : "EXPOSED";
  const stale = running && status.build !== status.ownBuild;
  return columns([
    ["broker", status.url ?? "none yet", stands],
    ...(running ? [["process", processes.join(" · ")]] : []),
    ...(stale ? [["version", "another one runs than is installed: jcfetch broker start"]] : []),
    ...(status.bid === null ? [] : [["id", status.bid]]),
    ["keys", status.keys === "none" ? "none yet" : keysWords(status, host)],
    ["state", `${shown(status.stateDir, host.home)} · ${standing}`],
    ...exposed.map((path) => ["", `others can open ${shown(path, host.home)}`]),
    ["at login", atLogin ? "starts" : "does not start"],
  ]);
}

/** [LB4] Said plainly: a file is not a keyring. [LB2] Nor is one that others can open for oneself alone. */
function keysWords(status: HostStatus, { home }: Host): string {
  if (status.keys === "keyring") return "the system's keyring";
  const file = keysFile(status);
  return `a file ${status.exposed.includes(file) ? "that others can open" : "for you alone"}, ${shown(file, home)}`;
}

async function enrol(json: boolean, host: Host): Promise<Result<null, Failure>> {
  const made = await askHost(host, ["enrol"], HostCode);
  if (!made.ok) return made;
  await host.io.out(json ? `${JSON.stringify(made.value)}\n` : `${made.value.code}\n`);
  host.io.note("Paste it into the extension, under Terminals. It is good for ten minutes, and once.");
  const looked = await brokerStatus(host);
  if (looked.ok && !looked.value.running) host.io.note("  → the broker does not run: jcfetch broker start");
  return ok(null);
}
