import { type ChildProcess, spawn } from "node:child_process";
import { access, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type HostAnswer, readHostAnswer } from "@jcfetch/shared/local-broker";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import { errnoOf } from "../config/files.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { failureOfHost } from "./failures.ts";
import { brokerStateDir } from "./place.ts";

/*
 * The host program of the local broker is a program of its own, beside this one. Keys are where it is, and never here: this
 * side starts it, and reads one line of JSON.
 */

/** How to start it: program, arguments before its own, and what must stand in the environment. */
export interface HostCommand {
  readonly words: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The executable holds a whole Bun, and is it when asked. It would fetch what is missing from the network, read settings
 * from wherever it is started, and keep a cache in the home folder: none of it is wanted.
 *
 * @source Bun's documentation: standalone executables, run-time flags, environment variables.
 */
const AS_BUN = { BUN_BE_BUN: "1", BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" };

/** Longer than workerd gets to start, or to end. */
const ANSWER_MS = 45 * SECOND_MS;

/** @errors `no-host-program` */
export async function hostCommand({ self }: Pick<Host, "self">): Promise<Result<HostCommand, Failure>> {
  const [program, script] = self as readonly [string, string?];
  try {
    const path = join(dirname(await realpath(script ?? program)), "broker/host.mjs");
    await access(path);
    if (script !== undefined) return ok({ words: [program, path], env: {} });
    return ok({ words: [program, "--no-install", "--no-env-file", path], env: AS_BUN });
  } catch {
    return err(
      fail(
        "no-host-program",
        "the broker's program is not beside jcfetch",
        "install jcfetch with its broker folder; or use a broker elsewhere: jcfetch pair",
      ),
    );
  }
}

type Answered<T> = Promise<Result<T, Failure>>;

/** Ask the host program something that it answers and ends. */
export async function askHost<T>(host: Host, args: readonly string[], schema: HostAnswer<T>): Answered<T> {
  const started = await begin(host, args, false);
  return started.ok ? answerOf(started.value, schema) : started;
}

/** Start the supervisor, which goes on when this process has ended. Resolves when the broker answers. */
export async function launchHost<T>(host: Host, args: readonly string[], schema: HostAnswer<T>): Answered<T> {
  const started = await begin(host, args, true);
  return started.ok ? answerOf(started.value, schema) : started;
}

async function begin(
  host: Host,
  args: readonly string[],
  detached: boolean,
): Promise<Result<ChildProcess, Failure>> {
  const command = await hostCommand(host);
  if (!command.ok) return command;
  const [program, ...words] = command.value.words;
  const child = spawn(program, [...words, ...args, "--state", brokerStateDir(host)], {
    detached,
    cwd: "/",
    env: { ...host.env, ...command.value.env },
    stdio: ["ignore", "pipe", "ignore"],
    windowsHide: true,
  });
  return ok(child);
}

/** The one line it says. */
function answerOf<T>(child: ChildProcess, schema: HostAnswer<T>): Answered<T> {
  return new Promise((resolve) => {
    let told = "";
    const end = (answer: Result<T, Failure>): void => {
      clearTimeout(timer);
      child.stdout?.destroy();
      child.unref();
      resolve(answer);
    };
    const silent = (why: string): void => end(err(programFailed(why)));
    const timer = setTimeout(() => silent(`said nothing for ${ANSWER_MS / SECOND_MS} s`), ANSWER_MS);
    child.once("error", (error) => silent(`cannot be run (${errnoOf(error)})`));
    child.once("close", (code, signal) => silent(`ended with ${code ?? signal}`));
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      told += chunk;
      const lineEnd = told.indexOf("\n");
      if (lineEnd !== -1) end(read(told.slice(0, lineEnd), schema));
    });
  });
}

/** It has said nothing, so that the log may hold nothing either. */
const programFailed = (why: string): Failure =>
  fail(
    "broker-failed",
    `the broker's program ${why}`,
    "try again; if it stays like this, put jcfetch and its broker folder in place anew",
  );

function read<T>(line: string, schema: HostAnswer<T>): Result<T, Failure> {
  const answer = readHostAnswer(line, schema);
  return answer.ok ? answer : err(failureOfHost(answer.error));
}
