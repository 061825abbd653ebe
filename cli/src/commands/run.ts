import { describeRole } from "@jcfetch/shared/domain/role";
import { ok, type Result } from "@jcfetch/shared/result";
import { type Captured, runCaptured } from "../captured.ts";
import { signalExit } from "../child.ts";
import { bySession } from "../config/chosen-profile.ts";
import { chosenProfiles } from "../config/matching.ts";
import type { Profile } from "../config/profiles.ts";
import { hidingDefault } from "../endpoint/default-profile.ts";
import { askingEnvironment, staticEnvironment } from "../endpoint/environment.ts";
import type { Holder } from "../endpoint/holder.ts";
import { type Endpoint, type Offer, openEndpoint } from "../endpoint/server.ts";
import { EXIT, type Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { inParallel } from "../parallel.ts";
import { columns } from "../table.ts";
import { count, duration } from "../when.ts";
import { holdProfile } from "./exec.ts";

export interface RunArgs {
  readonly profiles: readonly string[];
  readonly command: readonly string[];
  readonly jobs: number;
  readonly failFast: boolean;
  readonly static: boolean;
  readonly minTtlMs?: number;
  readonly session?: string;
}

interface Run {
  readonly profile: Profile;
  /** Without an exit code it was not started, because another one had failed. */
  readonly captured?: Captured;
  readonly tookMs: number;
}

const ENDINGS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * [US10] One command as many roles, some at one time. What each has written comes in one piece, as soon as it has ended;
 * how all of them ended comes last.
 */
export async function runOverMany(
  args: RunArgs,
  json: boolean,
  host: Host,
): Promise<Result<number, Failure>> {
  const profiles = await chosenProfiles(host, args.profiles);
  if (!profiles.ok) return profiles;
  const served = profiles.value.map((profile) => ({
    profile,
    holder: holdProfile(host, bySession(profile, args.session), args),
  }));
  const opened = await openEndpoint(served);
  if (!opened.ok) return opened;
  const stop = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  const stopHearing = host.onSignals(ENDINGS, (name) => {
    stoppedBy = name;
    stop.abort();
  });
  const job = jobOf(host, args, opened.value, await hidingDefault(host), stop.signal);
  let shown = Promise.resolve();
  const runs = await inParallel(args.jobs, served, async ({ profile, holder }, i) => {
    const run = await job(profile, holder, i);
    if (args.failFast && isFailed(run)) stop.abort();
    const { captured } = run;
    if (!json && captured) shown = shown.then(() => show(host, run, captured));
    return run;
  });
  await shown;
  stopHearing();
  opened.value.close();
  if (json) await host.io.out(asJson(runs));
  else summarize(host, runs);
  if (stoppedBy) return ok(signalExit(stoppedBy));
  return ok(runs.some(isFailed) ? EXIT.commandsFailed : EXIT.ok);
}

const isFailed = ({ captured }: Run): boolean => captured?.exitCode !== 0;

function jobOf(
  host: Host,
  { command, static: keys }: RunArgs,
  { offers }: Endpoint,
  hidden: Readonly<Record<string, string>>,
  signal: AbortSignal,
) {
  return async (profile: Profile, holder: Holder, i: number): Promise<Run> => {
    const startedMs = host.now();
    const took = (captured?: Captured): Run => ({
      profile,
      ...(captured ? { captured } : {}),
      tookMs: host.now() - startedMs,
    });
    if (signal.aborted) return took();
    const credentials = await holder.credentials();
    if (!credentials.ok) return took(notRun(credentials.error));
    const env = keys
      ? staticEnvironment(host, profile, credentials.value)
      : askingEnvironment(host, offers[i] as Offer, hidden);
    return took(await runCaptured(host, command, env, signal));
  };
}

const notRun = (failure: Failure): Captured => ({
  exitCode: failure.exit,
  pieces: [],
  lostBytes: 0,
  failure,
});

async function show(host: Host, { profile }: Run, captured: Captured): Promise<void> {
  const { io } = host;
  const { pieces, lostBytes } = captured;
  io.note(`── ${profile.name} · ${describeRole(profile)}`);
  for (const { stream, bytes } of pieces) await io.relay(stream, bytes);
  const last = pieces.at(-1);
  if (last && io.stdoutIsTerminal && last.bytes.at(-1) !== 0x0a) io.note("");
  if (lostBytes > 0) io.note(`(${count(lostBytes, "byte")} more were not kept)`);
  if (captured.failure) io.fail(captured.failure, false);
}

function summarize(host: Host, runs: readonly Run[]): void {
  const failed = runs.filter(isFailed);
  const rows = runs.map((run) => [
    run.profile.name,
    describeRole(run.profile),
    outcome(run),
    duration(run.tookMs),
  ]);
  const end =
    failed.length === 0 ? `all ${runs.length} succeeded` : `${failed.length} of ${runs.length} failed`;
  host.io.note(`── ${end}\n${columns(rows, "  ").trimEnd()}`);
}

function outcome({ captured }: Run): string {
  if (!captured) return "not run";
  if (captured.failure) return captured.failure.code;
  return captured.exitCode === 0 ? "ok" : `exit ${captured.exitCode}`;
}

function asJson(runs: readonly Run[]): string {
  const written = (captured: Captured | undefined, wanted: "stdout" | "stderr"): string =>
    Buffer.concat(
      (captured?.pieces ?? []).filter(({ stream }) => stream === wanted).map(({ bytes }) => bytes),
    ).toString();
  return `${JSON.stringify(
    runs.map(({ profile, captured, tookMs }) => ({
      profile: profile.name,
      account: profile.account,
      role: profile.role,
      exitCode: captured?.exitCode ?? null,
      error: captured?.failure ?? null,
      tookMs,
      stdout: written(captured, "stdout"),
      stderr: written(captured, "stderr"),
      lostBytes: captured?.lostBytes ?? 0,
    })),
  )}\n`;
}
