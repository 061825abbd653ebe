import { err, ok, type Result } from "@jcfetch/shared/result";
import { MINUTE_MS } from "@jcfetch/shared/time";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { findDirectoryRole } from "./directory-role.ts";
import { shown } from "./paths.ts";
import { addTrust, isTrusted } from "./trust.ts";

const ANSWER_WITHIN_MS = 5 * MINUTE_MS;

/**
 * [PR6] The profile that the directory's own file names, once the person trusts that file: asked at first use where a person
 * sits, else refused. What somebody else has put into a repository chooses nobody's role.
 *
 * @returns `undefined` where there is no such file.
 * @errors `untrusted-directory`
 */
export async function directoryProfile(host: Host): Promise<Result<string | undefined, Failure>> {
  const found = await findDirectoryRole(host.directory);
  if (!found.ok) return found;
  if (found.value === undefined) return ok(undefined);
  const { path, name } = found.value;
  const trusted = await isTrusted(host, found.value);
  if (!trusted.ok) return trusted;
  if (!trusted.value) {
    const untrusted = fail(
      "untrusted-directory",
      `${path} chooses the profile ${name}, and you have not said that you trust it`,
      "look at it, then: jcfetch trust; or name a profile yourself",
    );
    if (!host.io.stdinIsTerminal || !host.io.stderrIsTerminal) return err(untrusted);
    const question = `${shown(path, host.home)} chooses the profile ${name}. Trust it? [y/N] `;
    const asked = await host.io.ask(question, { withinMs: ANSWER_WITHIN_MS });
    if (asked.kind !== "answer" || !/^y(es)?$/i.test(asked.text.trim())) return err(untrusted);
    const added = await addTrust(host, found.value);
    if (!added.ok) return added;
  }
  return ok(name);
}
