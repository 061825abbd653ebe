import { describeRole } from "@jcfetch/shared/domain/role";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { describeFormatProblem, type FormatName, formatCredentials } from "@jcfetch/shared/formats/index";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { WantedFormat } from "../args.ts";
import { bySession, chosenProfile } from "../config/chosen-profile.ts";
import type { Profile } from "../config/profiles.ts";
import { roleCredentials } from "../credentials.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { evalHint, shellFormat } from "../shell.ts";
import { left } from "../when.ts";

export interface FetchArgs {
  readonly profile?: string;
  readonly format: WantedFormat;
  readonly minTtlMs?: number;
  /** Straight from the portal, by this sign-in. */
  readonly session?: string;
}

/** Role credentials on stdout, in a format a program or a shell reads. */
export async function fetchCredentials(args: FetchArgs, host: Host): Promise<Result<null, Failure>> {
  const command = (name: string): string => commandFor(args.format, name);
  const profile = await chosenProfile(host, args.profile, command, args.format !== "process");
  if (!profile.ok) return profile;
  const fetched = await roleCredentials(host, bySession(profile.value, args.session), args);
  if (!fetched.ok) return fetched;
  const { credentials, warning } = fetched.value;
  if (warning !== undefined) host.io.note(warning);

  const format = formatFor(args.format, host);
  const text = formatCredentials(format, credentials, {
    ...profile.value,
    profile: profile.value.name,
  });
  if (!text.ok) {
    return err(fail("cannot-carry", describeFormatProblem(text.error), "choose another one with --format"));
  }
  await host.io.out(text.value);
  if (host.io.stdoutIsTerminal) tell(host, profile.value, credentials, format);
  return ok(null);
}

/** What to type for this profile in this format. */
function commandFor(format: WantedFormat, profile: string): string {
  if (format === "process" || format === "json" || format === "dotenv") return `jcfetch ${format} ${profile}`;
  const named = format === "shell" || format === "auto" ? "" : ` --format ${format}`;
  return `jcfetch env ${profile}${named}`;
}

/** [CL2] */
export function formatFor(wanted: WantedFormat, host: Host): FormatName {
  if (wanted === "shell") return shellFormat(host);
  if (wanted !== "auto") return wanted;
  return host.io.stdoutIsTerminal ? shellFormat(host) : "process";
}

function tell(host: Host, profile: Profile, credentials: RoleCredentials, format: FormatName): void {
  const hint = evalHint(format, profile.name, shellFormat(host));
  const parts = [profile.name, describeRole(profile), left(credentials.expiresAtMs - host.now())];
  host.io.note([...parts, ...(hint === undefined ? [] : [`for this shell: ${hint}`])].join(" · "));
}
