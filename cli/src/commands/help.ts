import { err, ok, type Result } from "@jcfetch/shared/result";
import { allCodes, type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { suggestion } from "../nearest.ts";
import { quoted } from "../quoted.ts";
import { helpOn, TOPIC_NAMES } from "../usage.ts";

export async function help(topic: string | undefined, host: Host): Promise<Result<null, Failure>> {
  const text = helpOn(topic);
  if (text === undefined) {
    const name = topic ?? "";
    const title = `there is no help on ${quoted(name)}${suggestion(name, TOPIC_NAMES)}`;
    return err(fail("usage", title, "see what there is: jcfetch --help"));
  }
  await host.io.out(topic === "exit" ? text + codesByExit() : text);
  return ok(null);
}

/** The codes as the tables have them, so that none is missing: in brackets after a failure, and in --json. */
function codesByExit(): string {
  const by = new Map<number, string[]>();
  for (const [code, exit] of allCodes()) by.set(exit, [...(by.get(exit) ?? []), code]);
  const lines = [...by]
    .sort(([a], [b]) => a - b)
    .map(([exit, codes]) => wrapped(String(exit).padStart(4), codes));
  return `\nThe codes that stand in brackets after a failure, and as "code" with --json:\n\n${lines.join("")}`;
}

const WIDTH = 80;

function wrapped(head: string, words: readonly string[]): string {
  const lines = [head];
  for (const word of words) {
    const longer = `${lines.at(-1)}  ${word}`;
    if (longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`${" ".repeat(head.length)}  ${word}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
