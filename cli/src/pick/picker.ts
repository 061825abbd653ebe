import { err, ok, type Result } from "@jcfetch/shared/result";
import { MINUTE_MS } from "@jcfetch/shared/time";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import type { Choice } from "./choices.ts";
import { readRecent, remember, weightOf } from "./recent.ts";
import { keysIn, linesOf, openScreen, press, type Screen } from "./screen.ts";

/** [CL6] It says so in its title when it gives up. */
const WAIT_MS = 5 * MINUTE_MS;

const ESC = "\u001b";

/** Whether somebody is there to choose: they see stderr, and their keys come in. */
export const canPick = ({ io, env }: Host): boolean =>
  io.stdinIsTerminal && io.stderrIsTerminal && env.TERM !== "dumb";

/**
 * [CF6] Let the person choose. What is drawn goes to stderr and is gone afterwards, so that `eval "$(jcfetch env)"` works.
 *
 * @errors `not-chosen`
 */
export async function pick(host: Host, all: readonly Choice[]): Promise<Result<Choice, Failure>> {
  const recent = await readRecent(host);
  const nowMs = host.now();
  let screen = openScreen(all, (name) => weightOf(recent, name, nowMs));
  let chosen: Choice | undefined;
  let drawn = 0;
  const erase = (): string => (drawn > 1 ? `\r${ESC}[${drawn - 1}A${ESC}[J` : `\r${ESC}[J`);
  const draw = (next: Screen): void => {
    const lines = linesOf(next, host.io.columns ?? 80);
    host.io.draw(erase() + lines.join("\r\n"));
    drawn = lines.length;
  };
  const asked = await host.io.keys(WAIT_MS, {
    begin: () => draw(screen),
    take(chunk) {
      for (const key of keysIn(chunk)) {
        const pressed = press(screen, key);
        if (pressed.kind === "canceled") return { kind: "canceled" };
        if (pressed.kind === "chosen") {
          chosen = pressed.choice;
          return { kind: "answer", text: chosen.name };
        }
        ({ screen } = pressed);
      }
      draw(screen);
      return undefined;
    },
  });
  host.io.draw(erase());
  if (asked.kind !== "answer" || !chosen) return err(notChosen(asked.kind === "timeout"));
  await remember(host, chosen.name);
  return ok(chosen);
}

const notChosen = (isLate: boolean): Failure =>
  fail(
    "not-chosen",
    isLate ? "nothing was chosen within five minutes" : "nothing was chosen",
    "choose one, or name it: jcfetch profiles lists them",
  );
