import { err, ok, type Result } from "@jcfetch/shared/result";
import { AGENT_ACTS } from "./args-agent.ts";
import { BROKER_ACTS } from "./args-broker.ts";
import { PROFILE_ACTS } from "./args-profiles.ts";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

export interface HelpCommand {
  readonly name: "help";
  readonly topic?: string;
}

/** Words that can stand after a command. The help on them is the command's. */
const ACTS: Readonly<Record<string, readonly string[]>> = {
  agent: AGENT_ACTS,
  broker: BROKER_ACTS,
  profiles: PROFILE_ACTS,
  audit: ["verify"],
};

/** `help`, `help profiles`, `help profiles sync`. */
export function helpCommand([topic, act]: readonly string[]): Result<HelpCommand, Failure> {
  if (topic === undefined) return ok({ name: "help" });
  const acts = Object.hasOwn(ACTS, topic) ? (ACTS[topic] ?? []) : [];
  if (act === undefined || acts.includes(act)) return ok({ name: "help", topic });
  const next =
    acts.length === 0 ? "see what there is: jcfetch --help" : `see what it takes: jcfetch help ${topic}`;
  return err(fail("usage", `there is no help on ${quoted(`${topic} ${act}`)}${suggestion(act, acts)}`, next));
}
