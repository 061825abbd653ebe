import { parseArgs } from "node:util";
import type { HostRefused } from "@jcfetch/shared/local-broker";
import { enrolmentCode, setupCode } from "./codes.ts";
import { narrow, RunUnreadable, StateUnreadable } from "./files.ts";
import { look } from "./look.ts";
import { Refused } from "./refused.ts";
import { type HostWorld, run } from "./run.ts";
import { stop } from "./stop.ts";

/** Hands one line of JSON to whoever started this program. */
export type Say = (answer: object) => void;

/**
 * The host program of a local broker: `run`, `stop`, `status`, `narrow`, `enrol`, `invite`, each with `--state FOLDER`.
 *
 * @returns the exit code: 0, or 1 after a refusal was said.
 */
export async function hostProgram(argv: readonly string[], world: HostWorld, say: Say): Promise<number> {
  try {
    await dispatch(argv, world, say);
    return 0;
  } catch (error) {
    const refused = refusedFor(error);
    if (!refused) throw error;
    say(refused);
    return 1;
  }
}

async function dispatch(argv: readonly string[], world: HostWorld, say: Say): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { state: { type: "string" }, port: { type: "string" }, keyring: { type: "boolean" } },
  });
  const { state: stateDir, port, keyring = false } = values;
  if (stateDir === undefined) throw new Error("--state is missing");
  switch (positionals[0]) {
    case "run":
      return run({ stateDir, keyring, ...(port === undefined ? {} : { port: Number(port) }) }, world, say);
    case "stop":
      return say({ stopped: await stop(stateDir) });
    case "status":
      return say(await look(stateDir, world.folder));
    case "narrow":
      return say({ narrowed: await narrow(stateDir) });
    case "enrol":
      return say(await enrolmentCode(stateDir, world.folder));
    case "invite":
      return say(await setupCode(stateDir, world.folder));
    default:
      throw new Error("no such command");
  }
}

function refusedFor(error: unknown): HostRefused | undefined {
  if (error instanceof Refused) return { refused: error.refusal, detail: error.message };
  if (error instanceof RunUnreadable) return { refused: "run-unreadable", detail: error.message };
  if (error instanceof StateUnreadable) return { refused: "state-unreadable", detail: error.message };
  return undefined;
}
