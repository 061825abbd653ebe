import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { suggestion } from "../nearest.ts";
import { quoted } from "../quoted.ts";
import { brokenConfig, readAwsConfig } from "./aws-config.ts";
import { profileOf, type Section } from "./ini.ts";
import { isAccountId, isRoleName, parseRoleRef } from "./names.ts";
import { awsConfigPath } from "./paths.ts";

/** A profile of `~/.aws/config` that jcfetch wrote. */
export interface Profile {
  readonly name: string;
  readonly account: AccountId;
  readonly role: RoleName;
  /** Where the profile's work happens; nothing to do with the portal's region. */
  readonly region?: string;
  /** The `[sso-session]` by which this terminal signs in itself; without it, what it was given in pairing counts. */
  readonly session?: string;
}

/** Every profile of ours, in the order of the file. */
export async function readProfiles(host: Host): Promise<Result<readonly Profile[], Failure>> {
  const sections = await readAwsConfig(host);
  if (!sections.ok) return sections;
  const found: Profile[] = [];
  for (const section of sections.value) {
    const profile = readProfile(host, section);
    if (!profile.ok) return profile;
    if (profile.value) found.push(profile.value);
  }
  return ok(found);
}

/**
 * What a name given by the user stands for: a profile of ours, or `<account>/<role>` as `jcfetch profiles` lists them.
 */
export async function findProfile(host: Host, name: string): Promise<Result<Profile, Failure>> {
  const sections = await readAwsConfig(host);
  if (!sections.ok) return sections;
  const section = sections.value.find((one) => profileOf(one) === name);
  if (!section) return literal(name) ?? err(unknownProfile(host, name, sections.value));
  const profile = readProfile(host, section);
  if (!profile.ok) return profile;
  const found = profile.value ?? ssoProfile(name, section);
  return found ? ok(found) : err(foreignProfile(host, name, section.line));
}

/** [DM8] A profile of AWS's own tools that names a session: it says all that we need to know. */
function ssoProfile(name: string, { settings }: Section): Profile | undefined {
  const value = (key: string): string => settings.find((one) => one.key === key)?.value ?? "";
  const [session, account, role] = ["sso_session", "sso_account_id", "sso_role_name"].map(value);
  if (!session || !account || !role || !isAccountId(account) || !isRoleName(role)) return undefined;
  const region = value("region");
  return { name, account, role, session, ...(region === "" ? {} : { region }) };
}

/** @returns `undefined` for a section that is none of ours. */
function readProfile(host: Host, section: Section): Result<Profile | undefined, Failure> {
  const name = profileOf(section);
  const setting = (key: string) => section.settings.find((one) => one.key === key);
  const account = setting("jcfetch_account_id");
  const role = setting("jcfetch_role_name");
  if (name === undefined || !account || !role) return ok(undefined);
  const path = awsConfigPath(host);
  if (!isAccountId(account.value)) {
    return err(brokenConfig(path, { line: account.line, why: "jcfetch_account_id has not 12 digits" }));
  }
  if (!isRoleName(role.value)) {
    return err(brokenConfig(path, { line: role.line, why: "jcfetch_role_name is no name of a role" }));
  }
  const region = setting("region")?.value;
  const session = setting("jcfetch_session")?.value;
  return ok({
    name,
    account: account.value,
    role: role.value,
    ...(region ? { region } : {}),
    ...(session ? { session } : {}),
  });
}

function literal(name: string): Result<Profile, Failure> | undefined {
  const ref = parseRoleRef(name);
  return ref && ok({ name: `${ref.account}_${ref.role}`, ...ref });
}

function unknownProfile(host: Host, name: string, sections: readonly Section[]): Failure {
  const ours = sections.filter(({ settings }) => settings.some(({ key }) => key === "jcfetch_role_name"));
  const names = ours.map(profileOf).filter((one) => one !== undefined);
  return fail(
    "unknown-profile",
    `there is no profile ${quoted(name)} in ${awsConfigPath(host)}${suggestion(name, names)}`,
    "see what there is: jcfetch profiles; add it: jcfetch configure",
  );
}

const foreignProfile = (host: Host, name: string, line: number): Failure =>
  fail(
    "foreign-profile",
    `the profile ${name} in ${awsConfigPath(host)}, line ${line}, is not one of jcfetch's`,
    "use AWS's own tools for it, or add one under another name: jcfetch configure",
  );
