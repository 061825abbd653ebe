import { ok, type Result } from "@jcfetch/shared/result";
import { awsConfigPath, shown } from "../config/paths.ts";
import { lastChange, type Undoable, undo } from "../config/undo.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { confirmed } from "./confirm.ts";

/** [PR4] Take the last change of our block back, and with another undo the one before it. */
export async function undoProfiles(
  { yes }: { readonly yes: boolean },
  json: boolean,
  host: Host,
): Promise<Result<null, Failure>> {
  const change = await lastChange(host);
  if (!change.ok) return change;
  const path = shown(awsConfigPath(host), host.home);
  if (change.value === undefined) {
    if (json) await host.io.out(`${JSON.stringify({ undone: false })}\n`);
    else host.io.note(`${path}: there is no change to take back`);
    return ok(null);
  }
  if (!json) for (const line of difference(change.value)) host.io.note(line);
  const say = await confirmed(yes, "Take it back? [y/N] ", host);
  if (!say.ok) return say;
  const undone = await undo(host, change.value);
  if (!undone.ok) return undone;
  if (json) await host.io.out(`${JSON.stringify({ undone: true })}\n`);
  else host.io.note(`${path}: jcfetch's profiles are as they were before`);
  return ok(null);
}

/** More than a person reads: of so many lines, those with the names of profiles say enough. */
const MANY_LINES = 100;

/** What stands at both ends in both is left out. */
export function difference({ from, to }: Omit<Undoable, "backups" | "old">): readonly string[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  const most = Math.min(from.length, to.length) - start;
  while (end < most && from.at(-1 - end) === to.at(-1 - end)) end++;
  const lines = [
    ...from.slice(start, from.length - end).map((line) => `- ${line}`),
    ...to.slice(start, to.length - end).map((line) => `+ ${line}`),
  ];
  return lines.length > MANY_LINES ? lines.filter((line) => /^[-+] \[/.test(line)) : lines;
}
