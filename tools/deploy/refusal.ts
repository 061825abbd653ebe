/** What the operator is told of what was typed wrong, or of what stands wrong. */
import { Wrong } from "./settings.ts";

/** @throws the error itself, if it is a bug */
export function refusal(error: unknown): string {
  if (error instanceof Wrong) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  // Node's own text goes on with advice that is meant for another case.
  if (code?.startsWith("ERR_PARSE_ARGS")) return `${message.split(". ")[0]}; see --help`;
  throw error;
}
