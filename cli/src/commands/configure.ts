import { describeRole } from "@jcfetch/shared/domain/role";
import { decide } from "@jcfetch/shared/protocol/policy";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { ConfigureFlags } from "../args.ts";
import { writeProfile } from "../config/aws-config.ts";
import { credentialProcess } from "../config/command-line.ts";
import { isAccountId, isRegionName, isRoleName, profileProblem } from "../config/names.ts";
import { awsConfigPath, awsCredentialsPath, shown } from "../config/paths.ts";
import { readIfThere } from "../config/replace-file.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { quoted } from "../quoted.ts";
import { type Brokered, openBrokered } from "../sources/brokered.ts";
import { askMissing, type Wanted } from "./wizard.ts";

/** A profile in `~/.aws/config` that AWS's tools and SDKs use without knowing of us. */
export async function configure(flags: ConfigureFlags, host: Host): Promise<Result<null, Failure>> {
  const device = await openBrokered(host);
  const wanted = await wantedProfile(flags, device, host);
  if (!wanted.ok) return wanted;
  const added = await addProfile(host, wanted.value);
  if (!added.ok) return added;
  const { profile, ref } = wanted.value;

  const path = shown(awsConfigPath(host), host.home);
  host.io.note(`${path}: profile ${profile} is the role ${describeRole(ref)}`);
  if (!device.ok) host.io.note(`  → ${device.error.title}: jcfetch pair`);
  else if (decide(device.value.grant, ref).access === "denied") {
    host.io.note("  → this terminal was not given that role; to add it, pair again: jcfetch pair");
  } else host.io.note(`Try it: aws sts get-caller-identity --profile ${profile}`);
  return ok(null);
}

/** Nothing asked, nothing said. @errors `foreign-profile` when the name is taken by somebody else */
export async function addProfile(
  host: Host,
  { profile, ref, region }: Wanted,
): Promise<Result<null, Failure>> {
  const shadowed = await isShadowed(host, profile);
  if (!shadowed.ok) return shadowed;
  const command = credentialProcess(host.self, profile);
  if (!command.ok) return command;
  const entry = {
    name: profile,
    ...ref,
    ...(region === undefined ? {} : { region }),
    command: command.value,
  };
  return writeProfile(host, entry);
}

async function wantedProfile(
  flags: ConfigureFlags,
  device: Result<Brokered, Failure>,
  host: Host,
): Promise<Result<Wanted, Failure>> {
  const checked = checkFlags(flags);
  if (!checked.ok) return checked;
  const { profile, account, role, region } = flags;
  if (account === undefined || role === undefined) return askMissing(flags, device, host);
  if (!isAccountId(account) || !isRoleName(role)) throw new Error("flags were checked");
  const name = profile ?? `${account}_${role}`;
  return ok({ profile: name, ref: { account, role }, ...(region === undefined ? {} : { region }) });
}

function checkFlags({ profile, account, role, region }: ConfigureFlags): Result<null, Failure> {
  const wrong =
    (profile === undefined ? undefined : profileProblem(profile)) ??
    (account === undefined || isAccountId(account) ? undefined : "an AWS account id has 12 digits") ??
    (role === undefined || isRoleName(role) ? undefined : `${quoted(role)} is no name a role can have`) ??
    (region === undefined || isRegionName(region) ? undefined : `${quoted(region)} is no name of a region`);
  return wrong === undefined
    ? ok(null)
    : err(fail("usage", wrong, "see how it goes: jcfetch help configure"));
}

/**
 * Keys of the same name in the credentials file would win over ours without a word.
 *
 * @source botocore `credentials.py`, create_credential_resolver: shared-credentials-file comes before process. Python's
 *   `configparser` reads a section's name up to the last bracket of the line, and nothing that stands behind it.
 */
async function isShadowed(host: Host, profile: string): Promise<Result<null, Failure>> {
  const path = awsCredentialsPath(host);
  const bytes = await readIfThere(path);
  if (!bytes.ok) return bytes;
  const lines = (bytes.value?.toString("utf8") ?? "").split(/\r\n?|\n/);
  const line = lines.findIndex((one) => /^\[(.+)\]/.exec(one.trim())?.[1]?.trim() === profile) + 1;
  if (line === 0) return ok(null);
  const title = `${path}, line ${line}, has keys under the name ${profile}, and they would win`;
  const next = "choose another name: jcfetch configure --profile NAME; nothing was changed";
  return err(fail("foreign-profile", title, next));
}
