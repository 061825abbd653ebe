import { HostNarrowed, HostStarted, HostStatus, HostStopped } from "@jcfetch/shared/local-broker";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { installAtLogin, isAtLogin, removeAtLogin } from "./at-login.ts";
import { failureOfHost } from "./failures.ts";
import { askHost, launchHost } from "./host-program.ts";

export interface StartFlags {
  readonly port?: number;
  readonly keyring: boolean;
  /** Undefined: as it was. */
  readonly atLogin?: boolean;
}

export interface Started {
  readonly status: HostStatus;
  /** It ran before, so nothing was done; or one of another version was replaced. */
  readonly was: "stopped" | "running" | "replaced";
  /** Its address until now, where it is another one now: whoever is connected there does not find it any more. */
  readonly movedFrom?: string;
  /** What others could open until now. */
  readonly narrowed: readonly string[];
}

const START_MS = 30 * SECOND_MS;
const LOOK_EVERY_MS = 200;

export const brokerStatus = (host: Host): Promise<Result<HostStatus, Failure>> =>
  askHost(host, ["status"], HostStatus);

/** Have the local broker run, whatever there was before. Ends when it answers, or with the reason why it does not. */
export async function startBroker(flags: StartFlags, host: Host): Promise<Result<Started, Failure>> {
  const before = await brokerStatus(host);
  if (!before.ok) return before;
  if (flags.atLogin === false) await removeAtLogin(host);
  const { running, build, ownBuild, url } = before.value;
  if (running && flags.port !== undefined && url !== urlAt(flags.port)) {
    const next = `stop it first: jcfetch broker stop; then jcfetch broker start --port ${flags.port}`;
    return err(fail("port-taken", `the broker runs at ${url} already`, next));
  }
  const narrowed = await narrowState(before.value, host);
  if (!narrowed.ok) return narrowed;
  const moved = flags.port !== undefined && url !== null && url !== urlAt(flags.port);
  const found = { narrowed: narrowed.value, ...(moved ? { movedFrom: url } : {}) };
  const installs = flags.atLogin === true && !(await isAtLogin(host));
  const moves = flags.keyring && before.value.keys !== "keyring";
  if (running && build === ownBuild && !installs && !moves) {
    const status = narrowed.value.length === 0 ? before : await brokerStatus(host);
    return status.ok ? ok({ status: status.value, was: "running", ...found }) : status;
  }
  if (running) {
    const stopped = await stopBroker(host);
    if (!stopped.ok) return stopped;
  }
  const launched = await launch(flags, installs, host);
  if (!launched.ok) {
    if (running) await launch({ keyring: false }, false, host); // as it was before the wish that could not be fulfilled
    return launched;
  }
  const status = await untilRunning(host);
  return status.ok ? ok({ status: status.value, was: running ? "replaced" : "stopped", ...found }) : status;
}

const urlAt = (port: number): string => `http://127.0.0.1:${port}`;

/** [LB2] Before anything is started, so that it can be told; the host program does it at each start for itself. */
async function narrowState({ exposed }: HostStatus, host: Host): Promise<Result<readonly string[], Failure>> {
  if (exposed.length === 0) return ok([]);
  const answer = await askHost(host, ["narrow"], HostNarrowed);
  return answer.ok ? ok(answer.value.narrowed) : answer;
}

async function launch(
  { port, keyring }: StartFlags,
  installs: boolean,
  host: Host,
): Promise<Result<unknown, Failure>> {
  const args = [
    "run",
    ...(port === undefined ? [] : ["--port", String(port)]),
    ...(keyring ? ["--keyring"] : []),
  ];
  if (!installs) {
    const started = await launchHost(host, args, HostStarted);
    // Somebody else starts it at this moment: it is theirs, and ours too.
    return !started.ok && started.error.code === "busy" ? ok(null) : started;
  }
  // A first run by ourselves: it makes keys and settles the port, and says what is wrong where the system would not.
  const tried = await launchHost(host, args, HostStarted);
  if (!tried.ok) return tried;
  const stopped = await stopBroker(host);
  return stopped.ok ? installAtLogin(host) : stopped;
}

async function untilRunning(host: Host): Promise<Result<HostStatus, Failure>> {
  const until = host.now() + START_MS;
  for (;;) {
    const status = await brokerStatus(host);
    if (!status.ok || status.value.running) return status;
    if (host.now() > until)
      return err(failureOfHost({ refused: "not-started", detail: "it does not answer" }));
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** @returns whether there was anything to stop. */
export async function stopBroker(host: Host): Promise<Result<boolean, Failure>> {
  const stopped = await askHost(host, ["stop"], HostStopped);
  return stopped.ok ? ok(stopped.value.stopped) : stopped;
}
