import type { Section } from "./ini.ts";
import { profileOf } from "./ini.ts";

/** How AWS's tools come by the credentials of a profile: they run our program, or sign in by themselves. */
export type Style = "credential_process" | "sso-session";

export const STYLES: readonly Style[] = ["credential_process", "sso-session"];

/** What AWS's tools can print. @source AWS CLI user guide, output formats. */
export const OUTPUTS: readonly string[] = ["json", "yaml", "yaml-stream", "text", "table"];

export interface NewProfile {
  readonly name: string;
  readonly account: string;
  readonly role: string;
  readonly region?: string;
  readonly output?: string;
  readonly style?: Style;
  /** The line that AWS's tools run, ready quoted. */
  readonly command: string;
  /** The `[sso-session]` by which it is signed in: of AWS's tools in that style, of ours with `own`. */
  readonly session?: { readonly name: string; readonly own: boolean };
  /** By which `profiles sync` has named it. */
  readonly template?: string;
}

/** A portal that AWS's tools sign in at by themselves. */
export interface NewSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
}

/** Keys that are ours to write; any other in a section of our block is the user's. */
const KEYS = [
  "credential_process",
  "sso_session",
  "sso_account_id",
  "sso_role_name",
  "jcfetch_account_id",
  "jcfetch_role_name",
  "jcfetch_session",
  "jcfetch_template",
  "region",
  "output",
];

/**
 * Account and role stand under keys of our own as well as AWS's `sso_*`: with those in a profile botocore asks for a sign-in
 * of its own and never runs the command, which is what the one style wants and the other must not have.
 */
export function linesOfProfile(profile: NewProfile): string[] {
  const { name, account, role, style = "credential_process", session, template, region, output } = profile;
  const pair = (key: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${key} = ${value}`];
  const own =
    style === "credential_process"
      ? pair("credential_process", profile.command)
      : [
          ...pair("sso_session", session?.name),
          ...pair("sso_account_id", account),
          ...pair("sso_role_name", role),
        ];
  return [
    name === "default" ? "[default]" : `[profile ${name}]`,
    ...own,
    ...pair("jcfetch_account_id", account),
    ...pair("jcfetch_role_name", role),
    ...pair("jcfetch_session", session?.own ? session.name : undefined),
    ...pair("jcfetch_template", template),
    ...pair("region", region),
    ...pair("output", output),
  ];
}

/** @source AWS CLI: the scope that gives a session that can be refreshed. */
export const linesOfSession = ({ name, startUrl, region }: NewSession): string[] => [
  `[sso-session ${name}]`,
  `sso_start_url = ${startUrl}`,
  `sso_region = ${region}`,
  "sso_registration_scopes = sso:account:access",
];

/** A section of our block with its lines as they stand, whatever else the user has put there. */
export type OwnSection = Section & { readonly lines: readonly string[] };

/** A profile that stands in our block. */
export interface OwnProfile extends Omit<NewProfile, "command" | "session"> {
  readonly session?: string;
  readonly section: OwnSection;
}

/** @returns `undefined` for a section that is none of a profile of ours. */
export function ownProfile(section: OwnSection): OwnProfile | undefined {
  const name = profileOf(section);
  const value = (key: string): string | undefined =>
    section.settings.find((one) => one.key === key)?.value || undefined;
  const [account, role] = [value("jcfetch_account_id"), value("jcfetch_role_name")];
  if (name === undefined || account === undefined || role === undefined) return undefined;
  const [session, template, region, output] = ["jcfetch_session", "jcfetch_template", "region", "output"].map(
    value,
  );
  return {
    ...{ name, account, role, section },
    style: value("credential_process") === undefined ? "sso-session" : "credential_process",
    ...(session === undefined ? {} : { session }),
    ...(template === undefined ? {} : { template }),
    ...(region === undefined ? {} : { region }),
    ...(output === undefined ? {} : { output }),
  };
}

/** The section written anew, with what the user has added to it: settings of other keys, and comments. */
export function rewritten({ lines, line, settings }: OwnSection, profile: NewProfile): string[] {
  const keyAt = new Map(settings.map((setting) => [setting.line - line, setting.key]));
  let isOurs = true; // the header
  const kept = lines.filter((text, index) => {
    const key = keyAt.get(index);
    if (index > 0 && key !== undefined) isOurs = KEYS.includes(key);
    else if (index > 0 && isOurs) isOurs = text.trim() !== "" && !/^\s*[#;]/.test(text);
    return !isOurs;
  });
  return [...linesOfProfile(profile), ...kept];
}
