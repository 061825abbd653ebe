import { describeRole } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { runInPlace } from "../child.ts";
import { bySession, chosenProfile } from "../config/chosen-profile.ts";
import type { Profile } from "../config/profiles.ts";
import { roleCredentials } from "../credentials.ts";
import { hidingDefault } from "../endpoint/default-profile.ts";
import { askingEnvironment, staticEnvironment } from "../endpoint/environment.ts";
import { holdRole } from "../endpoint/holder.ts";
import { openEndpoint } from "../endpoint/server.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";

export interface ExecArgs {
  readonly profile?: string;
  readonly command: readonly string[];
  readonly static: boolean;
  readonly minTtlMs?: number;
  readonly session?: string;
}

/** [US3] Run a command as a role, and end as it does. Nothing is started before the role's credentials are there. */
export async function exec(args: ExecArgs, host: Host): Promise<Result<number, Failure>> {
  const command = args.command.length > 0 ? ok(args.command) : ownShell(host);
  if (!command.ok) return command;
  const chosen = await chosenProfile(host, args.profile, (name) => `jcfetch exec ${name} -- COMMAND`);
  if (!chosen.ok) return chosen;
  const profile = bySession(chosen.value, args.session);
  return args.static
    ? withKeys(host, profile, command.value, args)
    : withEndpoint(host, profile, command.value, args);
}

async function withKeys(
  host: Host,
  profile: Profile,
  command: readonly string[],
  args: ExecArgs,
): Promise<Result<number, Failure>> {
  const fetched = await roleCredentials(host, profile, args);
  if (!fetched.ok) return fetched;
  const { credentials, warning } = fetched.value;
  if (warning !== undefined) host.io.note(warning);
  return runInPlace(host, command, staticEnvironment(host, profile, credentials));
}

async function withEndpoint(
  host: Host,
  profile: Profile,
  command: readonly string[],
  args: ExecArgs,
): Promise<Result<number, Failure>> {
  const holder = holdProfile(host, profile, args);
  const first = await holder.credentials();
  if (!first.ok) return first;
  const opened = await openEndpoint([{ profile, holder }]);
  if (!opened.ok) return opened;
  const [offer] = opened.value.offers;
  const ended = await runInPlace(host, command, askingEnvironment(host, offer!, await hidingDefault(host)));
  opened.value.close();
  return ended;
}

/** The role of a profile, renewed for as long as this command runs. */
export const holdProfile = (host: Host, profile: Profile, { minTtlMs }: Pick<ExecArgs, "minTtlMs">) =>
  holdRole({
    fetch: () => roleCredentials(host, profile, minTtlMs === undefined ? {} : { minTtlMs }),
    now: host.now,
    tell: (line) => host.io.note(`jcfetch: ${describeRole(profile)}: ${line}`),
    ...(minTtlMs === undefined ? {} : { minTtlMs }),
  });

/** Without a command, a shell: for somebody who sits there. */
function ownShell({ env, platform, io }: Host): Result<readonly string[], Failure> {
  if (!io.stdinIsTerminal) {
    return err(fail("usage", "exec takes a command after --", "see what it takes: jcfetch help exec"));
  }
  return ok([platform === "win32" ? (env.COMSPEC ?? "cmd.exe") : (env.SHELL ?? "/bin/sh")]);
}
