import { ok, type Result } from "@jcfetch/shared/result";
import type { CompletionCommand } from "../args-completion.ts";
import { candidates } from "../complete/candidates.ts";
import { knownOf } from "../complete/known.ts";
import { SCRIPTS } from "../complete/scripts.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";

/** [CF4] A shell's script, or the answer to what that script asks. */
export async function completion(command: CompletionCommand, host: Host): Promise<Result<null, Failure>> {
  if (command.name === "completion") {
    await host.io.out(SCRIPTS[command.shell]);
    return ok(null);
  }
  const found = await candidates(command.words, knownOf(host));
  await host.io.out(found.map(({ text, about }) => `${text}\t${about}\n`).join(""));
  return ok(null);
}
