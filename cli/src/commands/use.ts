import { basename } from "node:path";
import { describeRole } from "@jcfetch/shared/domain/role";
import { describeFormatProblem, formatCredentials, isFormatName } from "@jcfetch/shared/formats/index";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { bySession, chosenProfile } from "../config/chosen-profile.ts";
import { roleCredentials } from "../credentials.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { left } from "../when.ts";

export type UseArgs =
  | { readonly name: "unset" }
  | {
      readonly name: "use";
      readonly profile?: string;
      readonly format?: string;
      readonly minTtlMs?: number;
      readonly session?: string;
    };

/** [US12] What the functions of `jcfetch shell-init` run: no program can change the shell that it was started from. */
export async function use(args: UseArgs, host: Host): Promise<Result<null, Failure>> {
  if (args.name === "unset" || args.format === undefined || !isFormatName(args.format))
    return err(noFunction(args, host));
  const named = args.profile ?? host.env.JCFETCH_PROFILE;
  const profile = await chosenProfile(host, named, (name) => `jcfetch use ${name}`);
  if (!profile.ok) return profile;
  const fetched = await roleCredentials(host, bySession(profile.value, args.session), args);
  if (!fetched.ok) return fetched;
  const { credentials, warning } = fetched.value;
  const { name } = profile.value;
  const text = formatCredentials(args.format, credentials, { ...profile.value, profile: name, marked: true });
  if (!text.ok) {
    return err(
      fail("cannot-carry", describeFormatProblem(text.error), "use it another way: jcfetch help exec"),
    );
  }
  await host.io.out(text.value);
  if (warning !== undefined) host.io.note(warning);
  const lives = left(credentials.expiresAtMs - host.now());
  host.io.note(`${name} · ${describeRole(profile.value)} · ${lives} · as it was before: jcfetch unset`);
  return ok(null);
}

function noFunction({ name }: UseArgs, { env, platform }: Host): Failure {
  if (name === "unset" && env.JCFETCH_PROFILE === undefined) {
    return fail("no-shell-function", "this shell uses no role", "take one: jcfetch use NAME");
  }
  return fail(
    "no-shell-function",
    `jcfetch ${name} needs a function of this shell`,
    `${initLine(env, platform)}   (or put it into the file your shell starts with)`,
  );
}

/** What to type, or to put into the file that the shell starts with. */
function initLine(env: Host["env"], platform: string): string {
  const shell = basename(env.SHELL ?? "bash");
  if (platform === "win32" || shell === "pwsh")
    return "jcfetch shell-init powershell | Out-String | Invoke-Expression";
  if (shell === "fish") return "jcfetch shell-init fish | source";
  return `eval "$(jcfetch shell-init ${shell === "zsh" ? "zsh" : "bash"})"`;
}
