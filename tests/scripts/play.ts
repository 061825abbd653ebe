import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Finished, Terminal } from "../support/terminal.ts";
import type { TestWorld } from "../support/world.ts";
import { type Build, installBin } from "./bin.ts";
import { snapshot } from "./home.ts";
import { STEPS, type Stage } from "./steps.ts";
import type { Transcript } from "./transcript.ts";

interface Ran extends Finished {
  readonly command: string;
  readonly line: number;
  readonly before: Record<string, string>;
  /** A transcript has said which exit it wants. */
  exitAsked: boolean;
}

/** Play a transcript against one build of jcfetch. @throws with the line that does not hold. */
export async function play(transcript: Transcript, build: Build, world?: TestWorld): Promise<void> {
  await using terminal = await Terminal.open({ build, agent: true });
  await using bin = await installBin(build);
  for (const { path, content } of transcript.files) {
    await mkdir(dirname(join(terminal.home, path)), { recursive: true });
    await writeFile(join(terminal.home, path), content);
  }
  const stage: Stage | undefined = world && {
    world,
    terminal,
    user: undefined,
    partner: undefined,
    browser: undefined,
    front: undefined,
  };
  await using _front = { [Symbol.asyncDispose]: async () => stage?.front?.close() };
  const env = { PATH: `${bin.path}:${process.env.PATH}`, ...(world ? { SIM: world.sim.origin } : {}) };
  let ran: Ran | undefined;
  for (const { number, text } of transcript.lines) {
    try {
      if (text.startsWith("$ ")) {
        checkExit(ran);
        ran = await command(terminal, env, text.slice(2), number);
      } else if (!(await look(text, ran, terminal.home))) {
        checkExit(ran);
        const [name = "", ...words] = text.split(" ");
        const step = STEPS[name];
        if (!step || !stage) throw new Error("no such line");
        await step(stage, words);
        ran = undefined;
      }
    } catch (error) {
      throw new Error(`line ${number}: ${text}\n${(error as Error).message}${ran ? tell(ran) : ""}`);
    }
  }
  checkExit(ran);
}

async function command(
  terminal: Terminal,
  env: Record<string, string>,
  line: string,
  number: number,
): Promise<Ran> {
  const before = snapshot(terminal.home);
  const running = terminal.start(["/bin/sh", "-c", line], env);
  running.closeInput();
  return { ...(await running.ended), command: line, line: number, before, exitAsked: false };
}

function checkExit(ran: Ran | undefined): void {
  if (ran && !ran.exitAsked && ran.code !== 0) throw new Error(`line ${ran.line} failed${tell(ran)}`);
}

const tell = ({ code, stdout, stderr }: Ran): string =>
  `\n--- exit ${code}\n--- stdout\n${stdout}--- stderr\n${stderr}`;

/** Hold one line against what the last command did. @returns false when the line is a step of the world. */
async function look(text: string, ran: Ran | undefined, home: string): Promise<boolean> {
  const [, negated, verb, rest = ""] =
    /^(no )?(exit|stdout|stderr|unchanged|file)(?: (.*))?$/.exec(text) ?? [];
  if (verb === undefined) return false;
  if (!ran) throw new Error("no command before this line");
  const hold = (holds: boolean, what: string): true => {
    if (!holds) throw new Error(what);
    return true;
  };
  switch (verb) {
    case "exit":
      ran.exitAsked = true;
      return hold(ran.code === Number(rest), `it ended with ${ran.code}`);
    case "stdout":
    case "stderr":
      if (negated && rest === "") return hold(ran[verb] === "", `there is ${verb}`);
      return hold(ran[verb].includes(rest) !== Boolean(negated), `${verb} ${negated ? "has" : "lacks"} it`);
    case "unchanged":
      return hold(JSON.stringify(snapshot(home)) === JSON.stringify(ran.before), changed(ran.before, home));
    default: {
      const [, path = "", wanted = ""] = /^(\S+) has (.*)$/.exec(rest) ?? [];
      const content = await readFile(join(home, path), "utf8");
      return hold(content.includes(wanted), `the file is\n${content}`);
    }
  }
}

function changed(before: Record<string, string>, home: string): string {
  const after = snapshot(home);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return `changed: ${names.filter((name) => before[name] !== after[name]).join(", ")}`;
}
