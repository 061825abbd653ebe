import { err, ok, type Result } from "@jcfetch/shared/result";
import { MINUTE_MS } from "@jcfetch/shared/time";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";

const ANSWER_WITHIN_MS = 5 * MINUTE_MS;

/** [CL6] Whether the person wants what was just shown. @errors `no-terminal` where nobody can be asked; `not-confirmed`. */
export async function confirmed(yes: boolean, question: string, host: Host): Promise<Result<null, Failure>> {
  if (yes) return ok(null);
  if (!host.io.stdinIsTerminal) {
    return err(
      fail("no-terminal", "there is no terminal to ask for a yes", "add --yes; nothing was changed"),
    );
  }
  const asked = await host.io.ask(question, { withinMs: ANSWER_WITHIN_MS });
  if (asked.kind === "answer" && /^y(es)?$/i.test(asked.text.trim())) return ok(null);
  return err(fail("not-confirmed", "you did not say yes", "nothing was changed"));
}
