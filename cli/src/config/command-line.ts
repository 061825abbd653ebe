import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";

/**
 * The line for `credential_process`. botocore splits it as a shell would but runs none, other SDKs hand it to a real shell, and
 * some cut it at ` #`: so it is written only from what all of them read alike.
 *
 * @param self absolute paths; there is no search path to rely on where SDKs run.
 */
export function credentialProcess(self: readonly string[], profile: string): Result<string, Failure> {
  const words: string[] = [];
  for (const word of self) {
    if (/^[\w@%+=:,./\\-]+$/.test(word) && !/\\/.test(word)) words.push(word);
    else if (/^[\w@%+=:,./~() \\-]+$/.test(word) && (!word.includes("\\") || /^[A-Za-z]:\\/.test(word))) {
      words.push(`"${word}"`);
    } else return err(unfit(word));
  }
  return ok([...words, "process", profile].join(" "));
}

const unfit = (path: string): Failure =>
  fail(
    "cannot-carry",
    `AWS's tools cannot all start a program from ${JSON.stringify(path)}`,
    "install jcfetch under a path of letters, digits, dots, spaces and hyphens",
  );
