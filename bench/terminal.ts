import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PairedTerminal, pairedTerminal } from "../tests/support/paired.ts";
import { startWorld } from "../tests/support/world.ts";
import { ensureBuilt } from "../tools/build.ts";
import { ROOT } from "../tools/lib/process.ts";
import { row, say } from "../tools/lib/report.ts";
import { compile } from "../tools/release/compile.ts";
import { warmAws } from "./aws-peer.ts";
import { type Candidate, median, peakMib, sideBySide } from "./measure.ts";
import { rssMib } from "./usage.ts";

const ROLE = "999999999999/S3Admin";
const AT_ONCE = 20;

/** What a command costs that the agent answers, beside its floor and the AWS CLI in the same run. */
export async function sayTerminal(rounds: number): Promise<void> {
  await ensureBuilt("cli");
  await using world = await startWorld();
  await using bundle = await pairedTerminal(world, { agent: true });
  await using executable = await pairedTerminal(world, { agent: true, build: "executable" });
  await using aws = await warmAws();
  const jcfetch = (name: string, { terminal }: PairedTerminal, ...args: string[]): Candidate => {
    const [command, ...before] = terminal.command as [string, ...string[]];
    return { name, command, args: [...before, ...args], env: terminal.env };
  };
  const warm = [
    jcfetch("jcfetch", executable, "--profile", ROLE),
    jcfetch("jcfetch.mjs", bundle, "--profile", ROLE),
    curl("curl", executable),
    { name: "aws", ...aws },
  ];
  // Once, with nobody else in the way: from here on the agents hold what is asked for.
  for (const { terminal } of [bundle, executable]) await terminal.run("process", ROLE);
  say(`\ncredentials that are held already, from start to end of the process, median of ${rounds}`);
  const floors = [
    { name: "empty executable", command: await emptyExecutable(), args: [] },
    jcfetch("jcfetch --version", executable, "--version"),
    { name: "node -e 0", command: process.execPath, args: ["-e", "0"] },
  ];
  for (const [name, ms] of sideBySide([...floors, ...warm], rounds)) {
    say(row(`  ${name}`, `${ms.toFixed(1)} ms`, ""));
  }
  say(
    row(
      "  on the socket",
      `${(await onSocketMs(executable)).toFixed(2)} ms`,
      "in this process, median of 500",
    ),
  );

  say(`\n${AT_ONCE} at once, held already, median of 5`);
  for (const [name, ms] of sideBySide(warm.map(manyOf), 5)) say(row(`  ${name}`, `${ms.toFixed(0)} ms`, ""));

  say("\nmemory in RAM, at most");
  for (const one of [...floors, ...warm]) say(row(`  ${one.name}`, `${peakMib(one).toFixed(0)} MiB`, ""));
  for (const [name, { terminal }] of [
    ["agent, jcfetch", executable],
    ["agent, jcfetch.mjs", bundle],
  ] as const) {
    say(row(`  ${name}`, `${rssMib(await terminal.agent.pid()).toFixed(0)} MiB`, "now"));
  }
}

const curl = (name: string, { terminal }: PairedTerminal): Candidate => ({
  name,
  command: "/usr/bin/curl",
  args: ["-fsS", "--unix-socket", terminal.agent.socket, `http://localhost/credentials/${ROLE}`],
});

/** The same command, started so often by one shell, until all have ended. */
function manyOf({ name, command, args, env }: Candidate): Candidate {
  const line = `n=0; while [ $n -lt ${AT_ONCE} ]; do "$@" >/dev/null & n=$((n+1)); done; wait`;
  return { name, command: "/bin/sh", args: ["-c", line, "sh", command, ...args], ...(env && { env }) };
}

async function onSocketMs({ terminal }: PairedTerminal): Promise<number> {
  const [account, role] = ROLE.split("/");
  const caller = { interactive: false };
  const request = { v: 1, op: "credentials", source: { kind: "brokered" }, account, role, caller };
  const times: number[] = [];
  for (let round = 0; round < 500; round += 1) {
    const startedMs = performance.now();
    await terminal.agent.say(`${JSON.stringify(request)}\n`);
    times.push(performance.now() - startedMs);
  }
  return median(times);
}

/** The floor of every executable that is made as ours is. */
async function emptyExecutable(): Promise<string> {
  const folder = join(ROOT, ".cache/bench");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "empty.mjs"), "");
  await compile(join(folder, "empty.mjs"), join(folder, "empty"));
  return join(folder, "empty");
}

if (import.meta.main) await sayTerminal(15);
