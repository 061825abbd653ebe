import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

export const COMPLETION_SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

export type CompletionCommand =
  | { readonly name: "completion"; readonly shell: CompletionShell }
  /** Asked by a shell: what can stand where the last of these words is being typed. */
  | { readonly name: "complete"; readonly words: readonly string[] };

export function completionCommand(word: string | undefined): Result<CompletionCommand, Failure> {
  const shell = COMPLETION_SHELLS.find((one) => one === word);
  if (shell) return ok({ name: "completion", shell });
  const wrong = word === undefined ? "" : `, not ${quoted(word)}${suggestion(word, COMPLETION_SHELLS)}`;
  return err(
    fail(
      "usage",
      `completion takes one of ${COMPLETION_SHELLS.join(", ")}${wrong}`,
      "see what it takes: jcfetch help completion",
    ),
  );
}

/** The words of a line that is still being typed are nobody's options yet. */
export function lineToComplete(argv: readonly string[]): CompletionCommand | undefined {
  const [command, terminator, ...words] = argv;
  return command === "complete" && terminator === "--" ? { name: "complete", words } : undefined;
}
