import { err, ok, type Result } from "@jcfetch/shared/result";
import { actsOf } from "./args-table.ts";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

export interface HelpCommand {
  readonly name: "help";
  readonly topic?: string;
}

/** `help`, `help profiles`, `help profiles sync`. The help on such a word is the command's. */
export function helpCommand([topic, act]: readonly string[]): Result<HelpCommand, Failure> {
  if (topic === undefined) return ok({ name: "help" });
  const acts = actsOf(topic);
  if (act === undefined || acts.includes(act)) return ok({ name: "help", topic });
  const next =
    acts.length === 0 ? "see what there is: jcfetch --help" : `see what it takes: jcfetch help ${topic}`;
  return err(fail("usage", `there is no help on ${quoted(`${topic} ${act}`)}${suggestion(act, acts)}`, next));
}
